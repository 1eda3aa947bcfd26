import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { mintSandboxToken, sandboxKeySet, sandboxKeys, verifyToken } from '#libs/auth/index.js';

const issuer = 'http://127.0.0.1:3000/sandbox/issuer';

describe('the sandbox issuer', () => {
  let dataDirectory: string;
  beforeEach(async () => {
    dataDirectory = join(await mkdtemp(join(tmpdir(), 'cpor-issuer-')), 'data');
  });
  afterEach(() => rm(join(dataDirectory, '..'), { recursive: true, force: true }));

  const mint = () =>
    mintSandboxToken({
      dataDirectory,
      issuer,
      audience: 'cpor',
      roles: ['claim_user'],
      subject: 'ada',
      partner: 'p',
      locations: ['0012'],
      lifetimeSeconds: 60,
    });

  it('signs tokens that its published keys verify', async () => {
    const keys = await sandboxKeys(dataDirectory);
    const principal = await verifyToken(await mint(), { issuer, audience: 'cpor', keys });
    expect(principal).to.deep.equal({
      subject: 'ada',
      roles: ['claim_user'],
      partnerAccountId: 'p',
      locations: ['0012'],
      tenantId: null,
      actsFor: [],
    });
  });

  it('creates one key under concurrent starts, and leaves no temporary file behind', async () => {
    const sets = await Promise.all(Array.from({ length: 16 }, () => sandboxKeySet(dataDirectory)));
    expect(new Set(sets.map(({ keys }) => keys[0]?.kid)).size).to.equal(1);
    expect(await readdir(join(dataDirectory, 'issuer'))).to.deep.equal(['key.json']);
  });

  it('makes the key readable only by its owner and publishes only the public half', async () => {
    const { keys } = await sandboxKeySet(dataDirectory);
    const modes = await Promise.all(['issuer', 'issuer/key.json'].map((path) => stat(join(dataDirectory, path))));
    expect(modes.map(({ mode }) => mode & 0o777)).to.deep.equal([0o700, 0o600]);
    expect(Object.keys(keys[0] ?? {})).to.have.members(['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use']);
  });

  it('refuses to work when NODE_ENV is production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      const outcome = await mint().catch((error: Error) => error.message);
      expect(outcome).to.equal('The embedded issuer is refused when NODE_ENV is production.');
    } finally {
      if (before === undefined) delete process.env['NODE_ENV'];
      else process.env['NODE_ENV'] = before;
    }
  });

  describe('as the token command', () => {
    interface Run {
      code: number;
      stdout: string;
      stderr: string;
    }

    function run(args: string[], env: Record<string, string> = {}): Promise<Run> {
      const command = new URL('../../../apps/cli/src/token.command.js', import.meta.url).href;
      const script = `import { tokenCommand } from '${command}'; process.exitCode = await tokenCommand(process.argv.slice(1));`;
      const { PATH = '' } = process.env;
      return new Promise((done) => {
        const child = execFile(
          process.execPath,
          ['--input-type=module', '-e', script, '--', ...args],
          { env: { PATH, CPOR_DATA_DIR: dataDirectory, ...env } },
          (_, stdout, stderr) => done({ code: child.exitCode ?? -1, stdout, stderr }),
        );
      });
    }

    it('prints one token and nothing else', async () => {
      const { code, stdout, stderr } = await run(['--role', 'reviewer']);
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      const { iss, aud, sub, exp = 0, iat = 0, cpor_roles } = decodeJwt(stdout.trim());
      expect({ iss, aud, sub, lifetime: exp - iat, cpor_roles }).to.deep.equal({
        iss: issuer,
        aud: 'cpor',
        sub: 'sample-reviewer',
        lifetime: 28_800,
        cpor_roles: ['reviewer'],
      });
    });

    it("names the running stack's API as the issuer", async () => {
      await mint();
      await writeFile(join(dataDirectory, 'stack.json'), JSON.stringify({ apiUrl: 'http://127.0.0.1:4711' }));
      const { stdout } = await run(['--role', 'operator', '--expires', '5m', '--subject', 'ops']);
      expect(decodeJwt(stdout.trim()).iss).to.equal('http://127.0.0.1:4711/sandbox/issuer');
    });

    it('names the address at which callers reach the running stack, if that is not the API itself', async () => {
      await mint();
      const stack = { apiUrl: 'http://127.0.0.1:4711', env: { CPOR_PUBLIC_URL: 'http://127.0.0.1:3000' } };
      await writeFile(join(dataDirectory, 'stack.json'), JSON.stringify(stack));
      const { stdout } = await run(['--role', 'operator', '--expires', '5m']);
      expect(decodeJwt(stdout.trim()).iss).to.equal('http://127.0.0.1:3000/sandbox/issuer');
    });

    it('gives a partner role a sample account with all its locations, or the account of the named location', async () => {
      const { stdout: all } = await run(['--role', 'claim_admin']);
      expect(decodeJwt(all.trim())['cpor_locations']).to.deep.equal(['*']);
      const { stdout: one } = await run(['--role', 'claim_user', '--location', '1240388']);
      const { cpor_partner, cpor_locations } = decodeJwt(one.trim());
      expect([cpor_partner, cpor_locations]).to.deep.equal([decodeJwt(all.trim())['cpor_partner'], ['1240388']]);
    });

    it('makes a token of a sample person, and lists the people if there is none of that name', async () => {
      const { stdout } = await run(['--as', 'cleo.evergreen', '--expires', '5m']);
      const { sub, exp = 0, iat = 0, cpor_roles, cpor_locations } = decodeJwt(stdout.trim());
      expect([sub, exp - iat, cpor_roles, cpor_locations]).to.deep.equal(['cleo.evergreen', 300, ['claim_user'], ['1240371']]);
      const unknown = await run(['--as', 'nobody']);
      expect(unknown.code).to.equal(2);
      expect(unknown.stderr).to.match(/^There is no sample person .*nobody.*\. There are:\n {2}ann\.evergreen {2}Ann Fletcher, /);
      const mixed = await run(['--as', 'cleo.evergreen', '--role', 'operator']);
      expect([mixed.code, mixed.stdout]).to.deep.equal([2, '']);
    });

    it('lists the roles if a role is unknown', async () => {
      const { code, stdout, stderr } = await run(['--role', 'boss']);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(/^Unknown role boss\. The roles are: claim_admin, claim_user, .*tenant_admin\.\n/);
    });

    it('lists the known values if the partner, location or tenant is unknown', async () => {
      const nobody = '11111111-2222-4333-8444-555555555555';
      const unknown: [string[], RegExp][] = [
        [
          ['--role', 'claim_admin', '--partner', nobody],
          /^There is no partner account 1111.* in the directory\. There are:\n {2}[0-9a-f-]{36} {2}\w/,
        ],
        [['--role', 'claim_admin', '--partner', 'Evergreen'], /no partner account evergreen in the directory\. There are:\n/],
        [['--role', 'reviewer', '--acts-for', nobody], /no partner account 1111/],
        [['--role', 'claim_user', '--location', '999999'], /has no location 999999\. It has: 1240371, 1240388, 1240395\./],
        [['--role', 'tenant_admin', '--tenant', nobody], /no tenant 1111.* in the directory\. There are:\n/],
      ];
      for (const [args, complaint] of unknown) {
        const { code, stdout, stderr } = await run(args);
        expect([code, stdout]).to.deep.equal([2, '']);
        expect(stderr).to.match(complaint);
      }
    });

    it('refuses in production', async () => {
      const { code, stdout, stderr } = await run(['--role', 'reviewer'], { NODE_ENV: 'production' });
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.contain('CPOR_MODE is sandbox while NODE_ENV is production');
    });
  });
});
