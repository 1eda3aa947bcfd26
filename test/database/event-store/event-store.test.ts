import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { fold, positionOf } from '#libs/claims/index.js';
import { type BrokenChain, verifyChains } from '#libs/event-store/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { addTenants, type ClaimServices, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectory } from '../../support/worker.js';

const cli = fileURLToPath(new URL('../../../apps/cli/src/main.js', import.meta.url));

describe('the event store', () => {
  let database: TestDatabase;
  let services: ClaimServices;
  let claims: TestClaim[];

  beforeEach(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    services = { source: database.source, library: new ProgrammeLibrary(database.source), directory: new TestDirectory(database.source) };
    claims = [];
    for (const tenant of await addTenants(database.source, 3)) {
      const claim = new TestClaim(services, { tenant, products: ['exchange', 'teams'] });
      await claim.draft();
      await claim.addEvidence(Buffer.from(claim.claimId));
      await claim.accept('submitClaim', claim.partner, {});
      await claim.accept('approveClaim', reviewer, { lines: [1] });
      await claim.accept('requestInformation', reviewer, { lines: [2], reasons: ['dates_missing_or_old'] });
      await claim.execute();
      claims.push(claim);
    }
  });

  afterEach(() => database?.close());

  async function breaks(): Promise<BrokenChain[]> {
    const found: BrokenChain[] = [];
    for await (const { broken } of verifyChains(database.source.manager)) found.push(...broken);
    return found;
  }

  async function verify(): Promise<{ code: number; output: string }> {
    const env = { PATH: process.env['PATH'], DATABASE_URL: database.appUrl, CPOR_MODE: 'sandbox' };
    return promisify(execFile)(process.execPath, [cli, 'verify'], { env }).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, output: error.stdout + error.stderr }),
    );
  }

  it('verifies every chain and reports how much it checked', async () => {
    expect(await breaks()).to.deep.equal([]);
    expect(await verify()).to.deep.equal({
      code: 0,
      output: [
        'Checked 24 events of 3 claims: every chain is intact.',
        'Checked 3 stored states against their events: none differs.',
        'Checked 15 commands: none was changed.',
        'Checked 3 evidence files: none was changed.',
        'Checked 0 entries of 0 access logs: every chain is intact.',
        'Checked 0 entries of 0 snapshots: every chain is intact.',
        'Checked 0 places of the event feed: every chain is intact.',
        'There is no checkpoint yet, so missing claims cannot be detected. Create one with "cpor checkpoint".\n',
      ].join('\n'),
    });
  });

  for (const statement of ['UPDATE claim_events SET at = now()', 'DELETE FROM claim_events', 'TRUNCATE claim_events']) {
    it(`does not allow the application to ${statement.split(' ')[0]}`, async () => {
      const fault = await database.source.query(statement).catch((error: { driverError: { code: string } }) => error.driverError.code);
      expect(fault).to.equal('42501');
    });
  }

  const tampering: Record<string, { statement: string; broken: { version: number; reason: string } }> = {
    'a changed event': {
      statement: `UPDATE claim_events SET data = data || '{"reasons": []}' WHERE claim_id = $1 AND version = 4`,
      broken: { version: 4, reason: 'hash_differs' },
    },
    'a moved instant': {
      statement: `UPDATE claim_events SET at = at + interval '1 millisecond' WHERE claim_id = $1 AND version = 6`,
      broken: { version: 6, reason: 'hash_differs' },
    },
    'another author': {
      statement: `UPDATE claim_events SET by = '{"kind": "reviewer", "subject": "nobody"}' WHERE claim_id = $1 AND version = 3`,
      broken: { version: 3, reason: 'hash_differs' },
    },
    'an event that is gone from the middle': {
      statement: 'DELETE FROM claim_events WHERE claim_id = $1 AND version = 5',
      broken: { version: 5, reason: 'event_missing' },
    },
    'an event that is gone from the end': {
      statement: 'DELETE FROM claim_events WHERE claim_id = $1 AND version = 8',
      broken: { version: 8, reason: 'events_missing_at_end' },
    },
    'an event that is gone from the end, with the claim made to fit': {
      statement: `WITH gone AS (DELETE FROM claim_events WHERE claim_id = $1 AND version = 8) UPDATE claims SET version = 7 WHERE claim_id = $1`,
      broken: { version: 7, reason: 'hash_differs' },
    },
  };
  for (const [what, { statement, broken }] of Object.entries(tampering)) {
    it(`detects ${what} even if the superuser did it`, async () => {
      const { claimId } = claims[1]!;
      await asSuperuser(database, statement, [claimId]);
      expect(await breaks()).to.deep.equal([{ claimId, ...broken }]);
      const { code, output } = await verify();
      expect(code).to.equal(1);
      expect(output).to.include(`BROKEN claim ${claimId} at version ${broken.version}`);
    });
  }

  it('verifies a claim that changes during the check', async () => {
    let isDone = false;
    const writing = (async () => {
      while (!isDone) {
        for (const claim of claims) {
          await claim.accept('addComment', claim.partner, { textId: claim.claimId, visibility: 'shared' });
          await claim.execute();
        }
      }
    })();
    const found: BrokenChain[] = [];
    for (let round = 0; round < 60; round++) found.push(...(await breaks()));
    isDone = true;
    await writing;
    expect(found).to.deep.equal([]);
  });

  it('holds the state that follows from its events', async () => {
    for (const claim of claims) {
      const folded = fold(await claim.events());
      const [row] = await database.source.query('SELECT * FROM claims WHERE claim_id = $1', [claim.claimId]);
      expect(row.state).to.deep.equal(asStored(folded));
      expect(row.position).to.deep.equal(asStored(positionOf(folded)));
      expect(row).to.deep.include({ version: folded.version, phase: 'consent_pending', is_open: true });
      const lines = await database.source.query('SELECT line, phase FROM claim_lines WHERE claim_id = $1 ORDER BY line', [claim.claimId]);
      expect(lines).to.deep.equal(folded.lines.map(({ line, phase }) => ({ line, phase })));
    }
  });
});

/** Returns a value as JSON would store it, without undefined fields. */
const asStored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
