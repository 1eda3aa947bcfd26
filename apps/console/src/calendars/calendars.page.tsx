import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { call } from '../api/index.js';
import { type CalendarCoverage, calendarCoverageReport } from '../client/index.js';
import { Banner, EmptyState } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** The calendars in force: how far they reach, who counts with them, and what needs attention. */
export function Component() {
  const t = useTexts(texts);
  const report = useQuery({ queryKey: ['calendar', 'list', 'coverage'], queryFn: () => call(() => calendarCoverageReport()) });
  const items = report.data?.items;
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="muted">{t('what')}</p>
      {report.error ? (
        <ProblemNotice error={report.error} onRetry={() => void report.refetch()} />
      ) : items === undefined ? (
        <Loading />
      ) : items.length === 0 ? (
        <EmptyState title={t('noneTitle')}>
          <p>{t('noneWhat')}</p>
        </EmptyState>
      ) : (
        <>
          <Warnings calendars={items} />
          <CalendarsTable calendars={items} />
          <p className="small muted">{t('zoneData', { release: report.data?.zoneData })}</p>
        </>
      )}
    </>
  );
}

function Warnings({ calendars }: { calendars: CalendarCoverage[] }) {
  const t = useTexts(texts);
  const warnings = calendars.flatMap((calendar) => calendar.warnings);
  if (warnings.length === 0) return null;
  return (
    <Banner tone="warning" title={t('needsAttention', { count: warnings.length })}>
      <ul>
        {warnings.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </Banner>
  );
}

function CalendarsTable({ calendars }: { calendars: CalendarCoverage[] }) {
  const t = useTexts(texts);
  const format = useFormat();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('calendar')}</th>
            <th scope="col">{t('inForce')}</th>
            <th scope="col">{t('zone')}</th>
            <th scope="col">{t('covers')}</th>
            <th scope="col" className="number">
              {t('daysLeft')}
            </th>
            <th scope="col">{t('usedBy')}</th>
          </tr>
        </thead>
        <tbody>
          {calendars.map(({ calendar, zone, coversFrom, coversThrough, daysLeft, programmes }) => {
            const [name = '', version = ''] = calendar.split('@');
            return (
              <tr key={name}>
                <th scope="row">
                  <Link to={`/calendars/${name}`}>{name}</Link>
                </th>
                <td>{t('versionNumber', { version })}</td>
                <td>{zone}</td>
                <td>{t('fromTo', { from: format.date(coversFrom), to: format.date(coversThrough) })}</td>
                <td className="number">{format.number(daysLeft)}</td>
                <td>
                  {programmes.length === 0 ? <span className="muted">{t('nobody')}</span> : null}
                  {programmes.map((programme, index) => (
                    <span key={programme}>
                      {index > 0 && ', '}
                      <Link to={`/programmes/${programme}`}>{programme}</Link>
                    </span>
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
