const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/New_York',
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** `Tue, 1 Dec, 16:00:00`: an instant as New York's clocks show it. */
export const localTime = (instant: string): string => format.format(new Date(instant));
