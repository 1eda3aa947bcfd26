import type { ExplainedDeadline } from '../client/index.js';

/** A day between the start of a clock and its end. */
export interface ClockDay {
  /** YYYY-MM-DD in the calendar's zone. */
  on: string;
  kind: 'start' | 'counted' | 'weekend' | 'holiday';
  /** The holiday's name in the calendar's words. */
  name: string | null;
}

/** Lists every date from the start of a clock to its end with what it was. Empty for a deadline that counts no business days. */
export function clockDays({ day0, countedDays, skippedDays }: Pick<ExplainedDeadline, 'day0' | 'countedDays' | 'skippedDays'>): ClockDay[] {
  if (countedDays.length === 0) return [];
  const days: ClockDay[] = [
    { on: day0, kind: 'start', name: null },
    ...countedDays.map((on): ClockDay => ({ on, kind: 'counted', name: null })),
    ...skippedDays.map(({ on, because, name }): ClockDay => ({ on, kind: because, name })),
  ];
  return days.toSorted((a, b) => Date.parse(a.on) - Date.parse(b.on));
}
