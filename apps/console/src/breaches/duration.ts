/** Splits a delay into days, hours and minutes, for a message that shows the largest two. */
export function durationIn(seconds: number): { days: number; hours: number; minutes: number; size: 'days' | 'hours' | 'minutes' } {
  const minutes = Math.floor(seconds / 60);
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor(minutes / 60) % 24;
  return { days, hours, minutes: minutes % 60, size: days > 0 ? 'days' : hours > 0 ? 'hours' : 'minutes' };
}
