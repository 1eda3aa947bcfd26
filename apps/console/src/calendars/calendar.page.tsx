import { useState } from 'react';
import { Link, useLocation, useParams, useSearchParams } from 'react-router';
import { Flash, Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { NextVersion, useToday, useVersion, useVersions, VersionsTable } from '../publications/index.js';
import { useSession } from '../session/index.js';
import { CalendarForm } from './calendar-form.js';
import { calendarKind } from './calendar-kind.js';
import { Coverage } from './coverage.js';
import { texts } from './texts.js';
import { YearChoice } from './year-choice.js';
import { YearView } from './year-view.js';
import { calendarIn } from './days.js';

/** One calendar: its versions, its years, and the next version being written. `?from=2` starts from that version. */
export function Component() {
  const { name = '' } = useParams();
  const { key } = useLocation();
  // Each visit starts a document of its own.
  return <Calendar key={key} name={name} />;
}

function Calendar({ name }: { name: string }) {
  const t = useTexts(texts);
  const { can } = useSession();
  const [params] = useSearchParams();
  const versions = useVersions(calendarKind, name);
  if (versions.error) return <ProblemNotice error={versions.error} onRetry={() => void versions.refetch()} />;
  if (versions.items === undefined) return <Loading />;
  const mayChange = can('calendars.write');
  return (
    <>
      <Flash />
      <nav aria-label={t('path')} className="small">
        <Link to="/calendars">{t('title')}</Link>
      </nav>
      <h1>{name}</h1>
      {can('reports.calendars') && <Coverage name={name} />}
      <VersionsTable kind={calendarKind} name={name} versions={versions.items} mayChange={mayChange} />
      {mayChange ? (
        <NextVersion
          kind={calendarKind}
          name={name}
          address={`/calendars/${name}`}
          source={{ name, version: Number(params.get('from')) || versions.latest?.version }}
          effects={() => <p>{t('deadlinesStay')}</p>}
        >
          {(today) => <CalendarForm today={today} />}
        </NextVersion>
      ) : (
        <Years name={name} version={versions.inForce?.version ?? versions.latest?.version} />
      )}
    </>
  );
}

function Years({ name, version }: { name: string; version: number | undefined }) {
  const today = useToday();
  const { data, error } = useVersion(calendarKind, name, version);
  const [chosen, setYear] = useState<number>();
  if (error) return <ProblemNotice error={error} />;
  if (data === undefined || today === undefined) return <Loading />;
  const year = chosen ?? Number(today.slice(0, 4));
  return (
    <>
      <YearChoice year={year} onChange={setYear} />
      <YearView year={year} calendar={calendarIn(data)} />
    </>
  );
}
