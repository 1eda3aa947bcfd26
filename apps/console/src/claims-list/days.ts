/** Returns the first instant of a calendar day such as 2026-12-03 in the reader's zone. */
export const startOfDay = (day: string): string => new Date(`${day}T00:00:00`).toISOString();

/** Returns the first instant after a calendar day in the reader's zone. */
export function endOfDay(day: string): string {
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}

/** Returns the calendar day of an instant in the reader's zone; empty for what is no instant. `lastMoment` takes the day that ends there. */
export function dayOf(instant: string, { lastMoment = false } = {}): string {
  const at = new Date(Date.parse(instant) - (lastMoment ? 1 : 0));
  if (Number.isNaN(at.getTime())) return '';
  const part = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}`;
}
