import { expect } from 'chai';
import { consoleModule } from '../../support/console-module.js';

interface Faults {
  faultsOf(
    readiness: object | undefined,
    report: object | undefined,
    instant: (at: string) => string,
  ): { tone: string; text: { key?: string } }[];
}
interface Targets {
  nextMorning(now: Date): Date;
}

const part = (code: string | null = null) => ({ ok: code === null, code });
const well = { checks: { database: part(), migrations: part(), temporal: part(), worker: part() }, warnings: [] };
const quiet = {
  asOf: '2026-11-29T12:00:00.000Z',
  operations: { pending: 0, oldestAt: null },
  failing: { claims: 0, since: null },
  letters: { waiting: 3, retrying: 0 },
  notices: { retrying: 0 },
  clocks: [{ clock: 'review_start', mover: 'reviewer', claims: 9, overdue: 4 }],
  repairs: { lastAt: null, lastDay: [] },
};

describe("The operator's page", () => {
  let faults: Faults;

  before(async () => {
    faults = await consoleModule('operations/faults.ts');
  });

  const keys = (readiness: object | undefined, report: object | undefined) =>
    faults.faultsOf(readiness, report, (at) => at).map(({ tone, text }) => `${tone} ${text.key ?? 'words'}`);

  it('finds nothing wrong in a quiet system, even when reviewers are late', () => {
    expect(keys(well, quiet)).to.deep.equal([]);
  });

  it('names the cause before its effects, and not what is merely unknown', () => {
    const down = { checks: { ...well.checks, temporal: part('temporal_unreachable'), worker: part('unknown') }, warnings: [] };
    const late = { ...quiet, operations: { pending: 2, oldestAt: '2026-11-29T11:58:00.000Z' }, failing: { claims: 1, since: quiet.asOf } };
    expect(keys(down, late)).to.deep.equal(['danger temporal_unreachable', 'danger failingNow', 'danger oldCommands']);
  });

  it('gives a command a minute, and tells of deadlines that should have fired, letters and repairs', () => {
    expect(keys(well, { ...quiet, operations: { pending: 1, oldestAt: '2026-11-29T11:59:30.000Z' } })).to.deep.equal([]);
    const troubled = {
      ...quiet,
      clocks: [{ clock: 'customer_window', mover: 'customer', claims: 1, overdue: 1 }],
      letters: { waiting: 0, retrying: 2 },
      repairs: { lastAt: quiet.asOf, lastDay: [{ reason: 'alarm_overdue', claims: 1 }] },
    };
    expect(keys(well, troubled)).to.deep.equal(['danger overdueSystem', 'danger mailsRetried', 'warning repaired']);
  });

  it('says what it knows before everything has answered', () => {
    expect(keys(undefined, { ...quiet, letters: { waiting: 0, retrying: 1 } })).to.deep.equal(['danger mailsRetried']);
    expect(keys(undefined, { ...quiet, notices: { retrying: 1 } })).to.deep.equal(['danger mailsRetried']);
    expect(keys({ ...well, warnings: [{ code: 'claims_behind', message: 'Behind.' }] }, undefined)).to.deep.equal(['warning words']);
    expect(keys({ ...well, warnings: [{ code: 'claims_behind', message: 'Behind.' }] }, quiet)).to.deep.equal([]);
  });

  it('is beside a clock that goes to nine in the morning of a weekday', async () => {
    const { nextMorning } = await consoleModule<Targets>('sandbox-clock/targets.ts');
    const shown = (date: Date) => [date.getDay(), date.getHours(), date.getMinutes()];
    expect(shown(nextMorning(new Date(2026, 10, 27, 9, 0)))).to.deep.equal([1, 9, 0]);
    expect(shown(nextMorning(new Date(2026, 10, 26, 8, 59)))).to.deep.equal([4, 9, 0]);
    expect(shown(nextMorning(new Date(2026, 10, 28, 12, 0)))).to.deep.equal([1, 9, 0]);
  });
});
