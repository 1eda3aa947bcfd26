import { useMemo } from 'react';
import { useLanguage, useTexts } from '../i18n/index.js';
import './calendars.css';
import { isoWeekday, weeksOf, type YearCalendar } from './days.js';
import { texts } from './texts.js';

const months = Array.from({ length: 12 }, (_, index) => index + 1);
const aMonday = Date.UTC(2024, 0, 1);

/** The twelve months of a year: weekend, holidays, weekend days that are worked, and days beyond what the calendar knows. */
export function YearView({ year, calendar }: { year: number; calendar: YearCalendar }) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const names = useMemo(() => {
    const month = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' });
    const short = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
    const long = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
    return {
      months: months.map((each) => month.format(Date.UTC(2024, each - 1, 15))),
      weekdays: Array.from({ length: 7 }, (_, day) => [short, long].map((format) => format.format(aMonday + day * 86_400_000))),
    };
  }, [language]);
  const holidays = new Map(calendar.holidays.map(({ on, name }) => [on, name]));
  const working = new Map(calendar.workingDays.map(({ on, name }) => [on, name]));
  const kindOf = (date: string) => {
    if (date < calendar.coversFrom || date > calendar.coversThrough) return 'uncovered';
    if (holidays.has(date)) return 'holiday';
    if (working.has(date)) return 'working';
    return calendar.weekend.includes(isoWeekday(date)) ? 'weekend' : undefined;
  };
  return (
    <>
      <ul className="year-legend small">
        {(['holiday', 'weekend', 'working', 'uncovered'] as const).map((kind) => (
          <li key={kind}>
            <span className="year-day" data-kind={kind} aria-hidden="true" /> {t(kind)}
          </li>
        ))}
      </ul>
      <div className="year">
        {months.map((month) => (
          <table key={month} className="year-month">
            <caption>{names.months[month - 1]}</caption>
            <thead>
              <tr>
                {names.weekdays.map(([short, long]) => (
                  <th key={short} scope="col" abbr={long}>
                    {short}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeksOf(year, month).map((week, index) => (
                <tr key={index}>
                  {week.map((date, weekday) => (
                    <td key={weekday}>
                      {date !== null && <Day date={date} kind={kindOf(date)} name={holidays.get(date) ?? working.get(date)} />}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </>
  );
}

function Day({
  date,
  kind,
  name,
}: {
  date: string;
  kind: 'uncovered' | 'holiday' | 'working' | 'weekend' | undefined;
  name: string | undefined;
}) {
  const t = useTexts(texts);
  const said = kind === 'holiday' || kind === 'working' ? `${t(kind)}: ${name ?? ''}` : undefined;
  return (
    <span className="year-day" data-kind={kind} title={said}>
      {Number(date.slice(8))}
      {said !== undefined && <span className="visually-hidden"> {said}</span>}
    </span>
  );
}
