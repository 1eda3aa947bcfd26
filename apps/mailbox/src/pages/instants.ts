import { counted, type Language } from '#libs/notices/index.js';
import { texts } from '../texts/index.js';

const locales: Record<Language, string> = { en: 'en-GB', ru: 'ru-RU' };

/** Formats instants for lists and headers, which are denser than mails. */
export interface Instants {
  /** "1 Dec, 14:03", with the year when it is not the year of `now`. */
  short(at: string, now: string): string;
  /** "Tue, 1 Dec 2026, 14:03:22", where the zone is known from beside it. */
  medium(at: string): string;
  /** "Tue, 1 Dec 2026, 14:03:22 Europe/Moscow (UTC+03:00)" */
  long(at: string): string;
}

export function instantsIn(language: Language, zone: string): Instants {
  const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const short = new Intl.DateTimeFormat(locales[language], { timeZone: zone, day: 'numeric', month: 'short', ...time });
  const dated = new Intl.DateTimeFormat(locales[language], { timeZone: zone, ...date, ...time });
  const year = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' });
  const medium = new Intl.DateTimeFormat(locales[language], { timeZone: zone, weekday: 'short', ...date, ...time, second: '2-digit' });
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const zoneAt = (at: Date) => {
    const name = offset.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    // The offset of UTC is written without digits.
    return zone === 'UTC' || name === 'GMT' ? 'UTC' : `${zone} (${name.replace('GMT', 'UTC')})`;
  };
  return {
    short: (at, now) => (year.format(new Date(at)) === year.format(new Date(now)) ? short : dated).format(new Date(at)),
    medium: (at) => medium.format(new Date(at)),
    long: (at) => `${medium.format(new Date(at))} ${zoneAt(new Date(at))}`,
  };
}

const unitsMs = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1_000 } as const;

/** Words a span by its two largest units: "2 days 3 hours". */
export function spanWords(spanMs: number, language: Language): string {
  let rest = Math.abs(spanMs);
  const parts = Object.entries(unitsMs).map(([unit, unitMs]) => {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    return { count, forms: texts[language].clock.units[unit as keyof typeof unitsMs] };
  });
  return parts
    .filter(({ count }) => count > 0)
    .slice(0, 2)
    .map(({ count, forms }) => counted(language, count, forms))
    .join(' ');
}
