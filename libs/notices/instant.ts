import type { Language } from './notice-view.js';

const locales: Record<Language, string> = { en: 'en-GB', ru: 'ru-RU' };

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than using it, and a mail has a dozen dates. There are as many as languages and zones of programmes. */
function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known;
}

/**
 * Formats an instant in a zone, with the zone's name and offset: "Friday, 9 January 2026, 23:59 (Europe/Moscow, UTC+03:00)". Cuts off what
 * is finer than `precision` and never rounds up, so that a deadline is not shown later than it is.
 */
export function formatInstant(instant: string, zone: string, language: Language, precision: 'minute' | 'second' = 'minute'): string {
  const format = formatOf(locales[language], {
    timeZone: zone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  });
  const parts = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const time = [parts.hour, parts.minute, ...(precision === 'second' ? [parts.second] : [])].join(':');
  const offset = parts.timeZoneName === 'GMT' ? '+00:00' : parts.timeZoneName?.replace('GMT', '');
  return `${parts.weekday}, ${formatDay(instant, zone, language)}, ${time} (${zone}, UTC${offset})`;
}

/** Formats the day of an instant in a zone: "9 January 2026". */
export function formatDay(instant: string, zone: string, language: Language): string {
  return formatOf(locales[language], { timeZone: zone, day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(instant));
}

/** Counts the whole days from an instant's local date in a zone to an ISO date. */
export function daysUntil(isoDate: string, instant: string, zone: string): number {
  const today = formatOf('en-CA', { timeZone: zone }).format(new Date(instant));
  return Math.round((Date.parse(isoDate) - Date.parse(today)) / 86_400_000);
}

/** Formats an ISO date: "3 December 2025". */
export function formatDate(isoDate: string, language: Language): string {
  return formatDay(`${isoDate}T00:00:00Z`, 'UTC', language);
}
