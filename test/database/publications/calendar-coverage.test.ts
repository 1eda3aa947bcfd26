import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { sampleCalendars, zoneDataVersion } from '#libs/calendar/index.js';
import { addDays } from '#libs/claims/instants.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import { calendarCoverage, calendarType, programmeType, publish, type PublishedCalendar } from '#libs/publications/index.js';
import { readClock } from '#libs/event-store/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const cli = fileURLToPath(new URL('../../../apps/cli/src/main.js', import.meta.url));
const programmes = programmeType({ allowSeconds: false });

describe('calendar coverage', () => {
  let database: TestDatabase;
  let source: DataSource;
  let today: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    source = database.source;
    today = (await readClock(source)).slice(0, 10);
  });
  after(() => database?.close());

  const { name: _calendar, version: _version, ...plain } = sampleCalendars.find(({ name }) => name === 'us-federal')!;
  const { name: _programme, version: _number, ...policy } = samplePolicy;

  /** Returns a calendar with a holiday in each year that it covers. */
  function calendar(coversThrough: string, effectiveFrom: string): Omit<PublishedCalendar, 'name' | 'version'> {
    const [first, last] = ['2025', coversThrough.slice(0, 4)].map(Number) as [number, number];
    const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const holidays = years.map((year) => ({ on: `${year}-01-01`, name: 'New Year' }));
    return { ...plain, coversFrom: '2025-01-01', coversThrough, holidays, effectiveFrom };
  }
  const put = async (name: string, document: object, seen?: number) => {
    const basedOn = seen === undefined ? undefined : [seen];
    const outcome = await publish(source, calendarType, { name, document: { ...document }, by: null, seen: basedOn, isDryRun: false });
    return 'warnings' in outcome ? outcome.warnings.map(({ path, code }) => `${path} ${code}`) : outcome;
  };
  const count = async (name: string, document: Partial<Policy>) => {
    const outcome = await publish(source, programmes, {
      name,
      document: { ...policy, ...document },
      by: null,
      seen: undefined,
      isDryRun: true,
    });
    return 'warnings' in outcome ? outcome.warnings.map(({ path, code }) => `${path} ${code}`) : outcome;
  };
  const publishProgramme = (name: string, document: Partial<Policy>) =>
    publish(source, programmes, { name, document: { ...policy, ...document }, by: null, seen: undefined, isDryRun: false });
  const reported = async (reference: string) => (await calendarCoverage(source, today)).find(({ calendar }) => calendar === reference);

  it('causes a warning when a published calendar ends within 90 days or has a year without holidays', async () => {
    expect(await put('short', calendar(addDays(today, 60), today))).to.deep.equal(['coversThrough calendar_coverage_ends']);
    expect(await put('long', calendar(addDays(today, 500), today))).to.deep.equal([]);
    expect(await put('empty', { ...calendar(addDays(today, 500), today), holidays: [] })).to.include(
      'holidays calendar_year_without_holidays',
    );
  });

  it('causes a warning when a published programme uses a calendar that is too short', async () => {
    expect(await count('by-short', { calendar: 'short', effectiveFrom: today })).to.deep.equal(['calendar calendar_coverage_ends']);
    expect(await count('by-long', { calendar: 'long', effectiveFrom: today })).to.deep.equal([]);
    const slow = { ...policy.clocks, answerBusinessDays: 366 };
    expect(await count('slow', { calendar: 'long', effectiveFrom: today, clocks: slow })).to.deep.equal([
      'calendar calendar_coverage_ends',
    ]);
    const late = await count('late', { calendar: 'long', effectiveFrom: addDays(today, 501) });
    expect(late).to.deep.equal(['calendar calendar_coverage_over']);
  });

  it('is reported with the programmes that use the calendar, and by the command line with the time zone data', async () => {
    await publishProgramme('by-short', { calendar: 'short', effectiveFrom: today });
    const short = await reported('short@1');
    expect(short).to.deep.include({ coversThrough: addDays(today, 60), daysLeft: 60, programmes: ['by-short'] });
    expect(short?.warnings.map(({ code }) => code)).to.deep.equal(['calendar_coverage_ends']);
    expect(await reported('long@1')).to.deep.include({ daysLeft: 500, programmes: [], warnings: [] });

    const env = { PATH: process.env['PATH'], DATABASE_URL: database.appUrl, CPOR_MODE: 'sandbox' };
    const { code, stdout } = await promisify(execFile)(process.execPath, [cli, 'doctor'], { env }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => error,
    );
    expect(code).to.equal(3);
    expect(stdout).to.include(`time zone data ${zoneDataVersion}.`);
    expect(stdout).to.include(
      `Calendar short@1: America/New_York, holidays from 2025-01-01 to ${addDays(today, 60)} (60 days left), used by by-short.`,
    );
    expect(stdout).to.include(`calendar_coverage_ends: short@1 knows holidays only through ${addDays(today, 60)}, 60 days ahead.`);
  });

  it('needs no warning once a longer version takes effect in time', async () => {
    expect(await put('short', calendar(addDays(today, 600), addDays(today, 20)), 1)).to.deep.equal([]);
    expect((await reported('short@1'))?.warnings).to.deep.equal([]);
    expect(await count('another', { calendar: 'short', effectiveFrom: today })).to.deep.equal([]);
  });
});
