import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { type Policy, ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { addVersion, programmeType, publish, publishedVersions, toYaml, withdrawVersion } from '#libs/publications/index.js';
import { readClock } from '#libs/event-store/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { waitFor } from '../../support/wait.js';

const kind = programmeType({ allowSeconds: false });
const { name: _name, version: _version, ...content } = samplePolicy;

describe('published versions', () => {
  let database: TestDatabase;
  let source: DataSource;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    source = database.source;
  });
  after(() => database?.close());

  const send = (name: string, document: Partial<Policy>, seen?: number) =>
    publish(source, kind, {
      name,
      document: { ...content, ...document },
      by: 'somebody',
      seen: seen === undefined ? undefined : [seen],
      isDryRun: false,
    });

  it('cannot be changed or deleted by the application', async () => {
    for (const table of ['policies', 'calendars']) {
      for (const statement of [`UPDATE ${table} SET body = '{}'`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
        const refusal = await source.query(statement).then(
          () => 'done',
          (error: Error) => error.message,
        );
        expect(refusal, statement).to.equal(`permission denied for table ${table}`);
      }
    }
  });

  it('cannot be restored after a withdrawal', async () => {
    for (const statement of ["UPDATE policy_withdrawals SET withdrawn_by = 'another'", 'DELETE FROM policy_withdrawals']) {
      const refusal = await source.query(statement).then(
        () => 'done',
        (error: Error) => error.message,
      );
      expect(refusal, statement).to.equal('permission denied for table policy_withdrawals');
    }
  });

  it('cannot be withdrawn within a minute of taking effect', async () => {
    // A date in a document stands for 00:00 UTC of that day, and that instant counts.
    const schedule = (name: string, seconds: number) =>
      source.query(
        `INSERT INTO policies (name, version, effective_from, body) VALUES ($1, 1, cpor_now() + make_interval(secs => $2), $3)`,
        [name, seconds, { ...samplePolicy, name }],
      );
    await schedule('imminent', 50);
    await schedule('near', 80);
    expect(await withdrawVersion(source, 'imminent', 1, null)).to.equal(false);
    expect(await withdrawVersion(source, 'near', 1, null)).to.equal(true);
  });

  it('are unchanged by the publication of the next version', async () => {
    await send('kept', {});
    const [first] = await publishedVersions(source, 'policies', 'kept');
    const today = (await readClock(source)).slice(0, 10);
    await send('kept', { effectiveFrom: today, consent: 'opt_in' }, 1);
    const [second, again] = await publishedVersions<Policy>(source, 'policies', 'kept');
    expect(again).to.deep.equal(first);
    expect(second).to.deep.include({ version: 2, effectiveFrom: today, publishedBy: 'somebody' });
    expect(second!.body).to.deep.equal({ ...samplePolicy, name: 'kept', version: 2, effectiveFrom: today, consent: 'opt_in' });
  });

  it('get distinct numbers even if two are published at the same time', async () => {
    await send('raced', {});
    const { body } = (await publishedVersions<Policy>(source, 'policies', 'raced'))[0]!;
    const rival = source.createQueryRunner();
    await rival.connect();
    try {
      await rival.startTransaction();
      await addVersion(rival.manager, 'policies', { ...body, version: 2, effectiveFrom: '2998-01-01' }, 'the other');
      const outcome = send('raced', { effectiveFrom: '2999-01-01' }, 1);
      await waitFor('one publication to wait for the other', async () => {
        const waiting = await source.query<unknown[]>(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO policies%'",
        );
        return waiting.length > 0;
      });
      await rival.commitTransaction();
      expect(await outcome).to.deep.equal({ result: 'moved_on', latest: 2, next: 3 });
    } finally {
      await rival.release();
    }
    expect((await publishedVersions(source, 'policies', 'raced')).map(({ publishedBy }) => publishedBy)).to.deep.equal([
      'the other',
      'somebody',
    ]);
  });

  it('reach other processes within seconds', async () => {
    const library = new ProgrammeLibrary(source);
    await send('spread', {});
    const now = await readClock(source);
    expect(await library.policyInForce('spread', now)).to.include({ version: 1 });
    await send('spread', { effectiveFrom: now.slice(0, 10) }, 1);
    await waitFor('the next version', async () => (await library.policyInForce('spread', now))?.version === 2, 10_000);
    expect(await library.policyInForce('spread', '2026-01-01T00:00:00.000Z')).to.include({ version: 1 });
    expect(await library.policy('spread@1')).to.deep.equal({ ...samplePolicy, name: 'spread' });
  });

  it('are visible at once to a process that forgets its cache', async () => {
    const library = new ProgrammeLibrary(source);
    await send('at-once', {});
    const now = await readClock(source);
    expect(await library.policyInForce('at-once', now)).to.include({ version: 1 });
    await send('at-once', { effectiveFrom: now.slice(0, 10) }, 1);
    library.forget();
    expect(await library.policyInForce('at-once', now)).to.include({ version: 2 });
  });

  it('can be sent again unchanged even if the current schema would refuse them', async () => {
    const { usage: _usage, ...older } = samplePolicy;
    await source.query("INSERT INTO policies (name, version, effective_from, body) VALUES ('older', 1, '2025-01-01', $1)", [
      { ...older, name: 'older' },
    ]);
    const document = (await publishedVersions(source, 'policies', 'older'))[0]!.body;
    const request = { name: 'older', by: null, seen: undefined, isDryRun: false };
    expect(await publish(source, kind, { ...request, document: { ...document } })).to.include({ result: 'unchanged', version: 1 });
    const next = await publish(source, kind, { ...request, seen: [1], document: { ...document, version: 2, effectiveFrom: '2999-01-01' } });
    expect(next).to.deep.equal({
      result: 'refused',
      faults: [{ path: 'usage', code: 'required', message: 'this field is required' }],
    });
  });

  describe('published from a file', function () {
    this.timeout(60_000);
    const cli = fileURLToPath(new URL('../../../apps/cli/src/main.js', import.meta.url));
    let directory: string;
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'cpor-test-programme-'));
    });
    after(() => rm(directory, { recursive: true, force: true }));

    async function run(text: string, ...options: string[]) {
      const file = join(directory, 'programme.yaml');
      await writeFile(file, text);
      return command(file, ...options);
    }

    function command(...args: string[]) {
      const env = { PATH: process.env['PATH'], DATABASE_URL: database.appUrl, CPOR_MODE: 'sandbox' };
      return promisify(execFile)(process.execPath, [cli, 'programme', ...args], { env }).then(
        // The warnings about the sample calendars depend on the day of the test.
        ({ stdout }) => ({ code: 0, output: stdout.replaceAll(/^WARNING calendar: .*\n/gm, '') }),
        (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, output: error.stdout + error.stderr }),
      );
    }

    it('are published by the command line, with a dry run that prints the changes', async () => {
      const document = { ...samplePolicy, name: 'filed' };
      expect(await run(toYaml(document))).to.deep.include({ code: 0 });
      expect(await run(toYaml(document))).to.deep.equal({ code: 0, output: 'Version 1: unchanged.\n' });
      const today = (await readClock(source)).slice(0, 10);
      const next = { ...document, version: 2, effectiveFrom: today, isDomainRequired: false };
      const changes = `effectiveFrom: "2025-01-01" -> "${today}"\nisDomainRequired: true -> false\n`;
      const effects = [
        'CLAIMS submitted, which keep their version: 0.',
        'CLAIMS in draft, which follow this one: 0; checked: 0; refused for what is allowed today: 0.',
      ].join('\n');
      expect(await run(toYaml(next), '--dry-run')).to.deep.equal({ code: 0, output: `${changes}${effects}\nVersion 2: would publish.\n` });
      expect(await run(toYaml(next))).to.deep.equal({ code: 0, output: `${changes}Version 2: published.\n` });
      expect((await publishedVersions(source, 'policies', 'filed')).map(({ publishedBy }) => publishedBy)).to.deep.equal(['cli', 'cli']);
    });

    it('are withdrawn by the command line before they take effect', async () => {
      const later = { ...samplePolicy, name: 'postponed', effectiveFrom: '2999-01-01' };
      await run(toYaml(later));
      expect(await command('--withdraw', 'postponed@1')).to.deep.equal({ code: 0, output: 'Version 1: withdrawn.\n' });
      const [version] = await publishedVersions(source, 'policies', 'postponed');
      expect(version).to.deep.include({ withdrawnBy: 'cli' });
      expect(await command('--withdraw', 'postponed@2')).to.deep.equal({ code: 1, output: 'Refused: there is no such version.\n' });
      expect(await command('--withdraw', 'sample@1')).to.deep.equal({
        code: 1,
        output: 'Refused: version 1 is in force, or about to be, or claims use it.\n',
      });
      expect((await command('--withdraw', 'sample')).output).to.equal('"sample" is not a version; write NAME@VERSION, such as sample@3.\n');
    });

    it('are refused with a list of faults', async () => {
      const { version: _number, ...unnumbered } = samplePolicy;
      expect(await run(toYaml({ ...unnumbered, consent: 'opt_in' }))).to.deep.equal({
        code: 1,
        output: 'Refused: the latest version is 1; write version 2 in the file.\n',
      });
      expect(await run(toYaml({ ...samplePolicy, name: 'faulty', calendar: 'mars' }))).to.deep.equal({
        code: 1,
        output:
          'FAULT calendar: There is no calendar of this name; publish it first, or use one of: ru, sa, us-federal (calendar_unknown).\nRefused: nothing was written.\n',
      });
      expect((await run('a: [')).output).to.match(/programme\.yaml: The YAML cannot be read at line \d+, column \d+ \([A-Z_]+\)\.\n$/);
    });
  });
});
