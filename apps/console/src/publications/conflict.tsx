import { Banner, Button } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { changesBetween } from './changes.js';
import { ChangesTable } from './changes-table.js';
import type { Base } from './base.js';
import { type Fields, isSame } from './json.js';
import { merged } from './merge.js';
import { contentOf, type PublicationKind } from './publication-kind.js';
import { texts } from './texts.js';
import { useVersion, useVersions } from './use-versions.js';

interface Props {
  kind: PublicationKind;
  name: string;
  base: Base;
  mine: Fields;
  onMerge(document: Fields, base: Base): void;
}

/** Somebody else published, or took a version back, while this document was being written: what they changed, and how to go on with both. */
export function Conflict({ kind, name, base, mine, onMerge }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const { latest, items, error, refetch } = useVersions(kind, name);
  const theirs = useVersion(kind, name, latest?.version);
  const isStale = latest?.version === base.seen;
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  // The API knew of the other version before this list did.
  if (isStale || theirs.data === undefined)
    return (
      <Banner tone="warning" title={t('movedOnTitle')}>
        {theirs.error ? <ProblemNotice error={theirs.error} /> : <Loading />}
        <div>
          <Button onClick={() => void refetch()}>{t('showTheirs')}</Button>
        </div>
      </Banner>
    );
  const document = contentOf(theirs.data);
  const theirChanges = changesBetween(base.document, document);
  const myChanges = new Map(changesBetween(base.document, mine).map(({ path, to }) => [path, to]));
  const clashes = theirChanges.filter(({ path, to }) => myChanges.has(path) && !isSame(myChanges.get(path), to));
  const { publishedAt, publishedBy, version } = latest!;
  const isTakenBack = items?.some((item) => item.version === base.seen && item.state === 'withdrawn') ?? false;
  return (
    <Banner tone="warning" isAlert title={isTakenBack ? t('takenBackTitle', { version: base.seen ?? 0 }) : t('movedOnTitle')}>
      <p>{t('nothingLost')}</p>
      {!isTakenBack && publishedAt !== null && (
        <p>{t('movedOnWhat', { version, at: format.instant(publishedAt), by: publishedBy ?? '–' })}</p>
      )}
      <ChangesTable changes={theirChanges} label={t('theirChanges')} marked={new Set(clashes.map(({ path }) => path))} />
      {clashes.length > 0 && <p>{t('clashes', { count: clashes.length })}</p>}
      <div className="row">
        <Button kind="primary" onClick={() => onMerge(merged(base.document, mine, document) as Fields, { seen: version, document })}>
          {t('merge')}
        </Button>
        <Button onClick={() => onMerge(document, { seen: version, document })}>{t('dropMine')}</Button>
      </div>
    </Banner>
  );
}
