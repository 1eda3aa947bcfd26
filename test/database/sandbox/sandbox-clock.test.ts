import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { createOwnerDataSource, grantSandboxClock } from '#libs/event-store/index.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';

const app = (name: string): string => join(import.meta.dirname, `../../../apps/${name}/src/main.js`);

/** Enough for production to start with, if the database let it. */
const production = {
  CPOR_MODE: 'production',
  CPOR_PUBLIC_URL: 'https://cpor.example',
  OIDC_ISSUER: 'https://issuer.example',
  SMTP_URL: 'smtp://127.0.0.1:9',
  CPOR_MAIL_FROM: 'cpor@cpor.example',
  CPOR_LINK_KEY: Buffer.alloc(32, 7).toString('base64'),
  CPOR_API_PORT: '0',
  TEMPORAL_ADDRESS: '127.0.0.1:9',
};

describe('the sandbox clock', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let owner: DataSource;

  before(async () => {
    database = await createTestDatabase();
    owner = await createOwnerDataSource(database.ownerUrl).initialize();
  });
  after(async () => {
    await owner?.destroy();
    await database?.close();
  });

  async function run(part: string, args: string[], env: Record<string, string>): Promise<{ exitCode: number; output: string }> {
    const urls = { DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl };
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [app(part), ...args], {
        env: { PATH: process.env['PATH'], ...urls, ...env },
        timeout: 30_000,
      });
      return { exitCode: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { exitCode: code, output: stdout + stderr };
    }
  }

  const move = (by: string) =>
    database.source.query(
      'INSERT INTO sandbox_clock (ahead) VALUES ($1::interval) ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead',
      [by],
    );

  async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
    try {
      await work;
      return undefined;
    } catch (error) {
      return (error as { driverError: { code: string } }).driverError.code;
    }
  }

  describe('once moved', () => {
    before(() => move('40 days'));
    after(() => move('0'));

    const processes: [string, string[]][] = [
      ['api', []],
      ['worker', []],
      ['cli', ['verify']],
      ['cli', ['erase', '--due']],
      ['cli', ['reconcile']],
      ['cli', ['migrate']],
    ];
    for (const [part, args] of processes) {
      it(`keeps ${[part, ...args].join(' ')} from starting in production`, async () => {
        const { exitCode, output } = await run(part, args, production);
        expect(exitCode, output).to.equal(1);
        const lastLine = output.trim().split('\n').at(-1);
        expect(lastLine).to.match(
          /^This database was a sandbox: its clock is off by 1 mon 10 days, .*Production needs a database of its own/,
        );
      });
    }

    it('lets a sandbox start', async () => {
      expect((await run('cli', ['verify'], { CPOR_MODE: 'sandbox' })).exitCode).to.equal(0);
    });
  });

  it('can be moved by the application only after "cpor migrate" has run in sandbox mode', async () => {
    expect(await codeOf(move('1 hour'))).to.equal(undefined);
    await move('0');
    expect(await run('cli', ['migrate'], production)).to.deep.include({ exitCode: 0 });
    const denied = '42501';
    for (const text of [
      "INSERT INTO sandbox_clock (ahead) VALUES ('1 hour')",
      "UPDATE sandbox_clock SET ahead = '1 hour'",
      'DELETE FROM sandbox_clock',
      'TRUNCATE sandbox_clock',
      "CREATE OR REPLACE FUNCTION cpor_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
    ]) {
      expect(await codeOf(database.source.query(text)), text).to.equal(denied);
    }
    expect(await codeOf(move('1 hour'))).to.equal(denied);
    expect(await run('cli', ['migrate'], { CPOR_MODE: 'sandbox' })).to.deep.include({ exitCode: 0 });
    expect(await codeOf(move('1 hour'))).to.equal(undefined);
    await move('0');
  });

  it('can only be read by the application in a production database', async () => {
    await grantSandboxClock(owner, 'production');
    const grants = await asSuperuser<{ privilege_type: string }>(
      database,
      `SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = 'sandbox_clock' AND grantee = 'cpor_app'`,
    );
    expect(grants.map((grant) => grant.privilege_type)).to.deep.equal(['SELECT']);
    await grantSandboxClock(owner, 'sandbox');
  });
});
