import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import type { Base } from './base.js';
import { PublicationEditor } from './editor.js';
import { contentOf, type Effects, type PublicationKind } from './publication-kind.js';
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
  /** What else to say before publishing, such as what claims would notice. */
  effects?: Effects | undefined;
  children(today: string): ReactNode;
}

/** The next version being written. A new key starts anew; what is published meanwhile does not: the editor shows it as a conflict. */
export function NextVersion({ source, ...rest }: Props) {
  const { kind, name } = rest;
  const today = useToday();
  const { items, latest } = useVersions(kind, name);
  const [began] = useState(source);
  const start = useVersion(kind, began.name, began.version);
  const [base, setBase] = useState<Base | null>(null);
  if (base !== null) return <Writing {...rest} base={base} source={began} today={today ?? ''} />;
  if (start.error) return <ProblemNotice error={start.error} onRetry={() => void start.refetch()} />;
  if (start.data !== undefined && today !== undefined) {
    const days = (items ?? []).filter(({ state }) => state !== 'withdrawn').map(({ effectiveFrom }) => effectiveFrom);
    setBase({ seen: latest?.version, document: { ...contentOf(start.data), effectiveFrom: firstDay(days, today) } });
  }
  return <Loading />;
}

function Writing({ kind, name, address, source, effects, children, base, today }: Props & { base: Base; today: string }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const { inForce } = useVersions(kind, name);
  const current = useVersion(kind, name, inForce?.version);
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
        inForce={inForce === undefined || current.data === undefined ? undefined : { version: inForce.version, document: current.data }}
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
