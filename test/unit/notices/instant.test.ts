import { expect } from 'chai';
import { formatDate, formatDay, formatInstant } from '#libs/notices/index.js';

describe('an instant shown to a customer', () => {
  it('names day, time, zone and offset in English', () => {
    expect(formatInstant('2026-01-09T20:59:59.999Z', 'Europe/Moscow', 'en')).to.equal(
      'Friday, 9 January 2026, 23:59 (Europe/Moscow, UTC+03:00)',
    );
  });

  it('names day, time, zone and offset in Russian', () => {
    expect(formatInstant('2026-01-09T20:59:59.999Z', 'Europe/Moscow', 'ru')).to.equal(
      'пятница, 9 января 2026 г., 23:59 (Europe/Moscow, UTC+03:00)',
    );
  });

  it('uses the offset in force on that day', () => {
    expect(formatInstant('2026-03-14T03:59:59.999Z', 'America/New_York', 'en')).to.equal(
      'Friday, 13 March 2026, 23:59 (America/New_York, UTC-04:00)',
    );
    expect(formatInstant('2026-03-07T04:59:59.999Z', 'America/New_York', 'en')).to.equal(
      'Friday, 6 March 2026, 23:59 (America/New_York, UTC-05:00)',
    );
  });

  it('writes midnight as 00:00, half-hour offsets in full and UTC as +00:00', () => {
    expect(formatInstant('2026-04-15T18:30:00.000Z', 'Asia/Kolkata', 'en')).to.equal(
      'Thursday, 16 April 2026, 00:00 (Asia/Kolkata, UTC+05:30)',
    );
    expect(formatInstant('2026-04-15T00:00:00.000Z', 'UTC', 'en')).to.equal('Wednesday, 15 April 2026, 00:00 (UTC, UTC+00:00)');
  });

  it('shows seconds on demand and never rounds up', () => {
    expect(formatInstant('2026-01-09T20:59:59.999Z', 'Europe/Moscow', 'ru', 'second')).to.equal(
      'пятница, 9 января 2026 г., 23:59:59 (Europe/Moscow, UTC+03:00)',
    );
  });

  it('shows the day of an instant in the zone, and a plain date unchanged', () => {
    expect(formatDay('2025-12-24T21:30:00Z', 'Europe/Moscow', 'en')).to.equal('25 December 2025');
    expect(formatDay('2025-12-24T21:30:00Z', 'America/New_York', 'ru')).to.equal('24 декабря 2025 г.');
    expect(formatDate('2025-12-03', 'en')).to.equal('3 December 2025');
  });
});
