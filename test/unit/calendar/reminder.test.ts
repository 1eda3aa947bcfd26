import { expect } from 'chai';
import { type CalendarVersion, reminderOf } from '#libs/calendar/index.js';

const moscow: CalendarVersion = {
  name: 'plain',
  version: 1,
  zone: 'Europe/Moscow',
  weekend: [6, 7],
  holidays: [{ on: '2026-01-08', name: 'New Year holidays' }],
  coversFrom: '2025-01-01',
  coversThrough: '2027-12-31',
  source: 'Made up.',
};

describe('the reminder of a deadline', () => {
  it('is at nine in the morning of the day before', () => {
    expect(reminderOf(moscow, '2026-01-14T20:59:59.999Z')).to.equal('2026-01-13T06:00:00Z');
  });

  it('skips weekends and holidays, and keeps a working weekend day', () => {
    expect(reminderOf(moscow, '2026-01-12T20:59:59.999Z')).to.equal('2026-01-09T06:00:00Z');
    expect(reminderOf(moscow, '2026-01-09T20:59:59.999Z')).to.equal('2026-01-07T06:00:00Z');
    const working = { ...moscow, workingDays: [{ on: '2026-01-11', name: 'Moved' }] };
    expect(reminderOf(working, '2026-01-12T20:59:59.999Z')).to.equal('2026-01-11T06:00:00Z');
  });

  it('counts from the local date of the deadline, not from its date in UTC', () => {
    expect(reminderOf({ ...moscow, zone: 'Pacific/Auckland' }, '2026-01-14T10:59:59.999Z')).to.equal('2026-01-12T20:00:00Z');
  });
});
