import { useMemo } from 'react';
import type { Language } from './language.js';
import { useLanguage } from './texts.js';

const instantOptions = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
const dateOptions = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;

/** The city of an IANA zone, as people say it: "New York". */
export const placeOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

const tagOf = (language: Language): string => (language === 'en' ? 'en-GB' : 'ru-RU');

/** Formatters of one language. Instants are ISO 8601; without a zone they are shown in the reader's own. */
export function formatters(language: Language) {
  const tag = tagOf(language);
  return {
    /** Thu, 3 Dec 2026, 18:59; with a zone its place follows. */
    instant(instant: string, zone?: string): string {
      const text = new Intl.DateTimeFormat(tag, { ...instantOptions, ...(zone && { timeZone: zone }) }).format(new Date(instant));
      return zone === undefined ? text : `${text} (${placeOf(zone)})`;
    },
    /** The day of an instant. */
    day(instant: string, zone?: string): string {
      return new Intl.DateTimeFormat(tag, { ...dateOptions, ...(zone && { timeZone: zone }) }).format(new Date(instant));
    },
    /** A calendar date such as 2026-12-03, which has no zone. */
    date(date: string): string {
      return new Intl.DateTimeFormat(tag, { ...dateOptions, timeZone: 'UTC' }).format(new Date(`${date.slice(0, 10)}T12:00:00Z`));
    },
    /** A month such as 2026-12. */
    month(month: string): string {
      const options = { month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
      return new Intl.DateTimeFormat(tag, options).format(new Date(`${month.slice(0, 7)}-15T12:00:00Z`));
    },
    number: (value: number): string => new Intl.NumberFormat(tag).format(value),
    percent: (share: number): string => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 }).format(share),
    list: (items: string[]): string => new Intl.ListFormat(tag, { type: 'conjunction' }).format(items),
    /** "in 3 days", "2 hours ago", measured from `now`. */
    distance(instant: string, now: string): string {
      const seconds = (Date.parse(instant) - Date.parse(now)) / 1000;
      const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
      const size = Math.abs(seconds);
      if (size < 60) return relative.format(Math.round(seconds), 'second');
      if (size < 3_600) return relative.format(Math.round(seconds / 60), 'minute');
      if (size < 48 * 3_600) return relative.format(Math.round(seconds / 3_600), 'hour');
      return relative.format(Math.round(seconds / 86_400), 'day');
    },
  };
}

export type Formatters = ReturnType<typeof formatters>;

/** Formats dates and numbers in the chosen language. */
export function useFormat(): Formatters {
  const { language } = useLanguage();
  return useMemo(() => formatters(language), [language]);
}
