import { useEffect, useState } from 'react';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const freshMs = 60_000;

/** A quiet word that the page has changed by itself. Screen readers hear it when they are idle. */
export function UpdatedMark({ changedAt }: { changedAt: number | null }) {
  const t = useTexts(texts);
  const format = useFormat();
  const [isFresh, setFresh] = useState(true);
  useEffect(() => {
    setFresh(true);
    const timer = setTimeout(() => setFresh(false), freshMs);
    return () => clearTimeout(timer);
  }, [changedAt]);
  return (
    <span className="small muted" role="status">
      {changedAt === null ? '' : isFresh ? t('updatedNow') : t('updatedAt', { at: format.instant(new Date(changedAt).toISOString()) })}
    </span>
  );
}
