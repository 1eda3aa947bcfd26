import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import type { PublicationReport } from '../client/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { type Base, PublicationEditor } from './editor.js';
import type { Fields } from './json.js';
import { contentOf, type PublicationKind } from './publication-kind.js';
import { texts } from './texts.js';
import { useToday } from './use-today.js';
import { useVersion, useVersions } from './use-versions.js';

interface Props {
  kind: PublicationKind;
  name: string;
  /** Where the page of a name is. */
  address: string;
  /** The version that the writing starts from. */
  source: { name: string; version: number | undefined };
  effects?: (report: PublicationReport) => ReactNode;
  children(today: string): ReactNode;
}

/** The next version being written. A new key starts anew. */
export function NextVersion({ kind, name, address, source, effects, children }: Props) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const today = useToday();
  const { items, latest, inForce } = useVersions(kind, name);
  const start = useVersion(kind, source.name, source.version);
  const current = useVersion(kind, name, inForce?.version);
  /** What was known when the writing began: later news is a conflict, which the editor shows. */
  const [base, setBase] = useState<Base | null>(null);
  const error = start.error ?? current.error;
  if (error) return <ProblemNotice error={error} onRetry={() => void (start.error ? start : current).refetch()} />;
  if (start.data === undefined || today === undefined || (inForce !== undefined && current.data === undefined)) return <Loading />;
  if (base === null) {
    const days = (items ?? []).filter(({ state }) => state !== 'withdrawn').map(({ effectiveFrom }) => effectiveFrom);
    setBase({ seen: latest?.version, document: { ...contentOf(start.data), effectiveFrom: firstDay(days, today) } });
    return null;
  }
  return (
    <section className="stack" aria-labelledby="next-title">
      <div>
        <h2 id="next-title">{t('nextVersion')}</h2>
        <p className="small muted">{t('startedFrom', { source: `${source.name}@${source.version}` })}</p>
      </div>
      <PublicationEditor
        kind={kind}
        name={name}
        base={base}
        inForce={inForce === undefined ? undefined : { version: inForce.version, document: current.data as Fields }}
        today={today}
        effects={effects}
        onPublished={({ version }) => void navigate(address, { replace: true, state: { flash: t('isPublished', { version }) } })}
      >
        {children(today)}
      </PublicationEditor>
    </section>
  );
}

/** A version takes effect after every other one, and not in the past. */
function firstDay(days: string[], today: string): string {
  const last = days.toSorted().at(-1);
  if (last === undefined || last < today) return today;
  const next = new Date(`${last}T12:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
