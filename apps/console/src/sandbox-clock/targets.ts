/** The next weekday at nine in the morning, in the zone of the browser. Holidays are not known here. */
export function nextMorning(now: Date): Date {
  const morning = new Date(now);
  morning.setHours(9, 0, 0, 0);
  while (morning <= now || morning.getDay() === 0 || morning.getDay() === 6) morning.setDate(morning.getDate() + 1);
  return morning;
}

/** A little after an instant, so that a deadline at it has passed. */
export const justAfter = (instant: string): string => new Date(Date.parse(instant) + 1_000).toISOString();

/** The value of a date-time field: local time to the minute. */
export function fieldValue(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
