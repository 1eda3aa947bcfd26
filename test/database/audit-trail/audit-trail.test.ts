import { execFile } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Client } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { type Access, recordAccesses } from '#libs/access-log/index.js';
import { chainHash, readEvents, verifyChains } from '#libs/event-store/index.js';
import { beginning, readFeed } from '#libs/event-feed/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { makeSnapshot, openSnapshot } from '#libs/snapshots/index.js';
import { checkSignature } from '#libs/audit-trail/index.js';
import { eraseDue } from '#libs/retention/index.js';
import { verifyRecord } from '../../../apps/cli/src/verify.command.js';
import { CheckpointKeeper } from '../../../apps/worker/src/checkpoint-keeper.js';
import { addTenants, type ClaimServices, customer, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { aSnapshotOf } from '../../support/snapshots.js';
import { TestDirectory } from '../../support/worker.js';

const cli = fileURLToPath(new URL('../../../apps/cli/src/main.js', import.meta.url));

describe('the audit trail', function () {
  this.timeout(120_000);
  this.slow(20_000);
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];
  let folder: string;
  let key: string;
  let checkpoint: string;
  /** The claim that is tampered with: its customer opted out within the window. */
  let claim: TestClaim;
  let evidenceId: string;
  let optOutId: string;
  let commentId: string;

  before(async () => {
    database = await createTestDatabase();
    services = { source: database.source, library: new ProgrammeLibrary(database.source), directory: new TestDirectory(database.source) };
    tenants = await addTenants(database.source, 12);
    folder = await mkdtemp(join(tmpdir(), 'cpor-checkpoints-'));
    key = join(folder, 'key.pem');
    await writeFile(key, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await refused();
    ({ claim, evidenceId, optOutId, commentId } = await refused());
    await refused();
    await recordAccesses(database.source.manager, [access(claim), access(claim)]);
    const shared = await makeSnapshot(database.source, aSnapshotOf(claim.claimId), 1);
    const link = shared.result === 'done' ? shared.token : '';
    expect(await openSnapshot(database.source, link)).not.to.equal(null);
    await official();
    await readFeed(database.source.manager, { kind: 'everything' }, { after: beginning, limit: 1 });
    checkpoint = await makeCheckpoint();
    // Additions after the checkpoint are not faults.
    await claim.accept('addComment', claim.partner, { textId: claim.claimId, visibility: 'shared' });
    await claim.execute();
    await refused();
    await recordAccesses(database.source.manager, [access(claim)]);
    expect(await openSnapshot(database.source, link)).not.to.equal(null);
  });

  after(async () => {
    await database?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** Creates a claim whose customer has been notified. */
  async function notified(): Promise<{ claim: TestClaim; evidenceId: string }> {
    const made = new TestClaim(services, { tenant: tenants.pop()! });
    await made.draft();
    const file = await made.addEvidence(Buffer.from(`Signed for ${made.claimId}`));
    await made.accept('submitClaim', made.partner, {});
    await made.execute();
    await made.accept('approveClaim', reviewer, {});
    await made.execute();
    await made.deliverNotice();
    return { claim: made, evidenceId: file };
  }

  async function official(): Promise<void> {
    const { claim: made } = await notified();
    await made.accept('acceptClaim', customer, { isTenantAdmin: true });
    await made.execute();
    expect(await made.phase()).to.equal('official');
    await made.accept('endAssociation', made.partner, { reason: 'partner_disassociated', textId: made.claimId });
    await made.execute();
  }

  /** Creates a claim that its customer opted out of, with one refused command. */
  async function refused(): Promise<{ claim: TestClaim; evidenceId: string; optOutId: string; commentId: string }> {
    const { claim: made, evidenceId: file } = await notified();
    const { commandId } = await made.accept('optOut', customer, {});
    await made.execute();
    expect([await made.phase(), await made.outcome(commandId)]).to.have.nested.property('[1].status', 'done');
    const late = await made.accept('approveClaim', reviewer, {});
    await made.execute();
    expect(await made.outcome(late.commandId)).to.have.property('status', 'refused');
    return { claim: made, evidenceId: file, optOutId: commandId, commentId: late.commandId };
  }

  function access({ claimId, details }: TestClaim): Access {
    const { tenantId, partnerId } = details;
    const read = {
      kind: 'read' as const,
      subject: 'viewer',
      partnerAccountId: 'p',
      set: 'workload_usage',
      fromMonth: null,
      toMonth: null,
      rows: 1,
    };
    return {
      ...read,
      accessId: uuidV7(),
      at: new Date().toISOString(),
      partnerId,
      tenantId,
      associationId: uuidV7(),
      claimId,
      target: 't',
    };
  }

  async function cpor(...args: string[]): Promise<{ code: number; output: string }> {
    const env = { PATH: process.env['PATH'], DATABASE_URL: database.appUrl, CPOR_MODE: 'sandbox', CPOR_CHECKPOINT_KEY_FILE: key };
    return promisify(execFile)(process.execPath, [cli, ...args], { env }).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, output: error.stdout + error.stderr }),
    );
  }

  async function makeCheckpoint(): Promise<string> {
    const { code, output } = await cpor('checkpoint', '--folder', folder);
    expect(output).to.match(/^Checkpoint \d+ of \d+ claims: /);
    expect(code).to.equal(0);
    return join(
      folder,
      (await readdir(folder))
        .filter((name) => name.endsWith('.jsonl'))
        .toSorted()
        .at(-1)!,
    );
  }

  /** Runs `cpor verify` in this process: starting one for each check would take minutes. */
  async function verify(file?: string): Promise<{ code: number; output: string }> {
    const lines: string[] = [];
    const signed = file === undefined ? null : await checkSignature(file, createPublicKey(await readFile(key)));
    const broken = await verifyRecord(database.source, signed, (line) => lines.push(line));
    return { code: broken === 0 ? 0 : 1, output: lines.join('\n') };
  }

  async function brokenChains(): Promise<number> {
    let found = 0;
    for await (const { broken } of verifyChains(database.source.manager)) found += broken.length;
    return found;
  }

  /** Tampers with the database as the superuser, runs the checks, and restores every table. */
  async function tampered<Result>(tamper: (client: Client) => Promise<void>, check: () => Promise<Result>): Promise<Result> {
    const tables = [
      'claims',
      'claim_lines',
      'claim_commands',
      'claim_events',
      'evidence_files',
      'access_logs',
      'access_entries',
      'snapshots',
      'snapshot_entries',
      'policies',
    ];
    const others = [
      'feed_places',
      'checkpoints',
      'associations',
      'directory_answers',
      'personal_data',
      'notice_recipients',
      'letters',
      'partner_blocks',
    ];
    const client = new Client({ connectionString: database.superuserUrl });
    await client.connect();
    try {
      await client.query('SET session_replication_role = replica');
      for (const table of [...tables, ...others]) await client.query(`CREATE TEMP TABLE kept_${table} AS SELECT * FROM ${table}`);
      await tamper(client);
      return await check();
    } finally {
      for (const table of [...tables, ...others]) {
        const { rows } = await client.query<{ columns: string }>(
          `SELECT string_agg(quote_ident(column_name), ', ') AS columns FROM information_schema.columns
           WHERE table_name = $1 AND is_generated = 'NEVER'`,
          [table],
        );
        const { columns } = rows[0]!;
        await client.query(`DELETE FROM ${table}`);
        await client.query(`INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM kept_${table}`);
      }
      await client.end();
    }
  }

  const dependents = [
    'feed_places',
    'claim_lines',
    'claim_commands',
    'claim_events',
    'evidence_files',
    'directory_answers',
    'personal_data',
    'notice_recipients',
    'letters',
  ];

  async function deleteClaim(client: Client): Promise<void> {
    for (const table of [...dependents, 'claims']) await client.query(`DELETE FROM ${table} WHERE claim_id = $1`, [claim.claimId]);
  }

  /** Removes the customer's opt-out and everything after it, and makes head and commands fit, as an attacker who knows the code would. */
  async function cutTail(client: Client): Promise<void> {
    const events = await readEvents(database.source.manager, claim.claimId);
    const last = events.findIndex(({ commandId }) => commandId === optOutId);
    const { rows } = await client.query<{ hash: Buffer }>('SELECT hash FROM claim_events WHERE claim_id = $1 AND version = $2', [
      claim.claimId,
      last,
    ]);
    await client.query('DELETE FROM claim_events WHERE claim_id = $1 AND version > $2', [claim.claimId, last]);
    await client.query('UPDATE claims SET version = $2, last_hash = $3 WHERE claim_id = $1', [claim.claimId, last, rows[0]!.hash]);
    await client.query(
      `DELETE FROM claim_commands WHERE claim_id = $1 AND settled_number >= (SELECT settled_number FROM claim_commands WHERE command_id = $2)`,
      [claim.claimId, optOutId],
    );
  }

  /** Forges the author of the second event, and computes every hash anew. */
  async function rewriteEnd(client: Client): Promise<void> {
    const events = await readEvents(database.source.manager, claim.claimId);
    let hash = Buffer.alloc(0) as Buffer;
    for (const event of events) {
      const forged = event.version === 2 ? { ...event, by: { kind: 'partner' as const, subject: 'somebody else' } } : event;
      hash = chainHash(hash, claim.claimId, forged);
      await client.query('UPDATE claim_events SET hash = $3, by = $4 WHERE claim_id = $1 AND version = $2', [
        claim.claimId,
        event.version,
        hash,
        forged.by,
      ]);
    }
    // Without the mark, the state counts as folded by other rules, on which no command is decided.
    await client.query('UPDATE claims SET last_hash = $2, folded = NULL WHERE claim_id = $1', [claim.claimId, hash]);
  }

  /** Makes the feed fit what an attacker has left of the events. */
  async function mendFeed(client: Client): Promise<void> {
    const { rows } = await client.query<{ claim_id: string; version: number; hash: Buffer }>(
      'SELECT e.claim_id, e.version, e.hash FROM feed_places p JOIN claim_events e USING (claim_id, version) ORDER BY p.place',
    );
    await client.query('DELETE FROM feed_places');
    let hash: Buffer = Buffer.alloc(0);
    for (const [index, event] of rows.entries()) {
      hash = createHash('sha256').update(hash).update(event.hash).digest();
      await client.query('INSERT INTO feed_places (place, claim_id, version, hash) VALUES ($1, $2, $3, $4)', [
        index + 1,
        event.claim_id,
        event.version,
        hash,
      ]);
    }
  }

  const run =
    (sql: string, ...values: (() => unknown)[]) =>
    async (client: Client): Promise<void> => {
      const { rowCount } = await client.query(
        sql,
        values.map((value) => value()),
      );
      expect(rowCount).to.be.above(0);
    };
  const id = () => claim.claimId;
  const ofClaim = () => new RegExp(`BROKEN claim (CLM-\\d+ \\()?${claim.claimId}`);

  it('passes verification, including what was added since a checkpoint', async () => {
    expect(await verify()).to.have.property('code', 0);
    const { code, output } = await verify(checkpoint);
    expect(output).to.match(/Compared 4 claims with checkpoint 1 of .*: nothing is missing or changed/);
    expect(code).to.equal(0);
  });

  // Faults that are found with or without a checkpoint, although the chains of events are intact.
  const withoutCheckpoint: [what: string, tamper: (client: Client) => Promise<void>, report: RegExp][] = [
    [
      'the instant of an opt-out is moved',
      run(`UPDATE claim_commands SET received_at = received_at + interval '5 days' WHERE command_id = $1`, () => optOutId),
      /executed command number \d+ or its outcome was changed/,
    ],
    [
      'an opt-out is attributed to another person',
      run(
        `UPDATE claim_commands SET actor = '{"kind": "customer", "subject": "mallory", "actsFor": []}' WHERE command_id = $1`,
        () => optOutId,
      ),
      /executed command number \d+ or its outcome was changed/,
    ],
    [
      'the content of a refused command is changed',
      run(`UPDATE claim_commands SET body = '{"lines": [1]}' WHERE command_id = $1`, () => commentId),
      /executed command number \d+ or its outcome was changed/,
    ],
    [
      'a command is deleted',
      run('DELETE FROM claim_commands WHERE command_id = $1', () => optOutId),
      /executed command number \d+ is missing/,
    ],
    [
      'the content of evidence is replaced',
      run(`UPDATE evidence_files SET content = 'Forged' WHERE id = $1`, () => evidenceId),
      /the content of evidence \S+ was changed/,
    ],
    [
      'the content of evidence is replaced together with its hash',
      run(
        `UPDATE evidence_files SET content = 'Forged', size_bytes = 6, sha256 = encode(sha256('Forged'), 'hex') WHERE id = $1`,
        () => evidenceId,
      ),
      /the recorded hash of evidence \S+ was changed/,
    ],
    ['evidence is deleted', run('DELETE FROM evidence_files WHERE id = $1', () => evidenceId), /evidence \S+ is missing/],
    [
      'evidence is emptied as if it had been erased',
      run(`UPDATE evidence_files SET content = '', file_name = NULL, erased_at = now() WHERE id = $1`, () => evidenceId),
      /no erasure is on record/,
    ],
    [
      'a feed entry refers to another event',
      run('UPDATE feed_places SET version = version + 1000 WHERE place = 2'),
      /the event feed at place 2: the event was changed/,
    ],
    ['a feed entry is deleted', run('DELETE FROM feed_places WHERE place = 2'), /the event feed at place 2/],
    [
      'the last feed entry is deleted',
      run('DELETE FROM feed_places WHERE place = (SELECT max(place) FROM feed_places)'),
      /the event feed leaves out its event/,
    ],
    ['a claim gets another number', run(`UPDATE claims SET number = 'CLM-999999' WHERE claim_id = $1`, id), /its number was changed/],
  ];
  for (const [what, tamper, report] of withoutCheckpoint) {
    it(`reveals when ${what}`, async () => {
      const { chains, within, outside } = await tampered(tamper, async () => ({
        chains: await brokenChains(),
        within: await verify(),
        outside: await verify(checkpoint),
      }));
      expect(chains).to.equal(0);
      for (const { code, output } of [within, outside]) {
        expect(output).to.match(report);
        if (!what.includes('feed')) expect(output).to.match(ofClaim());
        expect(code).to.equal(1);
      }
    });
  }

  it('reveals when a whole claim is deleted, by its number, and with a checkpoint also by its id', async () => {
    const [within, outside] = await tampered(deleteClaim, async () => [await verify(), await verify(checkpoint)]);
    expect(within.output).to.include(`BROKEN claim ${claim.number}: the whole claim is missing.`);
    expect(outside.output).to.include(`BROKEN claim ${claim.number} (${claim.claimId}): the whole claim is missing.`);
    expect(outside.output.match(/whole claim is missing/g)).to.have.length(1);
    expect([within.code, outside.code]).to.deep.equal([1, 1]);
  });

  it('makes cpor verify exit with code 1 when it has a fault', async () => {
    const [[, tamper, report]] = withoutCheckpoint as [(typeof withoutCheckpoint)[number]];
    const within = await tampered(tamper, () => cpor('verify'));
    expect(within.output).to.match(report).and.to.match(ofClaim());
    const outside = await tampered(deleteClaim, () => cpor('verify', '--checkpoint', checkpoint));
    expect(outside.output).to.include(`BROKEN claim ${claim.number} (${claim.claimId}): the whole claim is missing.`);
    expect([within.code, outside.code]).to.deep.equal([1, 1]);
    expect(await cpor('verify', '--checkpoint', checkpoint)).to.have.property('code', 0);
  });

  it('reveals when a claim is deleted but its events remain', async () => {
    const { code, output } = await tampered(run('DELETE FROM claims WHERE claim_id = $1', id), () => verify());
    expect(output).to.include(`BROKEN claim ${claim.claimId}: the claim is missing, but some of its events exist.`);
    expect(code).to.equal(1);
  });

  // Faults that are consistent within the database, so that only a checkpoint reveals them.
  const withCheckpoint: [what: string, tamper: (client: Client) => Promise<void>, report: RegExp][] = [
    [
      'the last events of a claim are cut off and its head is set back',
      async (client) => {
        await cutTail(client);
        await mendFeed(client);
      },
      /events that existed on[^]*are missing[^]*commands that existed on[^]*are missing/,
    ],
    [
      'a chain is rewritten from a forged event onwards',
      async (client) => {
        await rewriteEnd(client);
        await mendFeed(client);
      },
      /events were changed since/,
    ],
    [
      'a published programme is changed',
      run(`UPDATE policies SET body = body || '{"language": "ru"}' WHERE name = 'sample'`),
      /programme sample version 1: changed since it was published/,
    ],
    [
      'the last entries of an access log are cut off and its head is set back',
      async (client) => {
        const { tenantId } = claim.details;
        await client.query('DELETE FROM access_entries WHERE tenant_id = $1 AND sequence > 1', [tenantId]);
        await client.query(
          `UPDATE access_logs l SET last_sequence = 1, last_hash = e.hash FROM access_entries e WHERE e.tenant_id = l.tenant_id AND l.tenant_id = $1`,
          [tenantId],
        );
      },
      /access log of tenant \S+: entries are missing/,
    ],
    [
      'a whole access log is deleted',
      async (client) => {
        await run('DELETE FROM access_entries')(client);
        await run('DELETE FROM access_logs')(client);
      },
      /access log of tenant \S+: the whole log is missing/,
    ],
    [
      'the last openings of a snapshot are cut off and its head is set back',
      async (client) => {
        await run('DELETE FROM snapshot_entries WHERE sequence > 1')(client);
        await run(
          'UPDATE snapshots s SET last_sequence = 1, last_hash = e.hash FROM snapshot_entries e WHERE e.snapshot_id = s.snapshot_id',
        )(client);
      },
      /snapshot \S+: entries of its log are missing/,
    ],
    [
      'a snapshot is deleted with its log',
      async (client) => {
        await run('DELETE FROM snapshot_entries')(client);
        await run('DELETE FROM snapshots')(client);
      },
      /snapshot \S+: missing, with its log/,
    ],
    ['a checkpoint is deleted', run('DELETE FROM checkpoints'), /checkpoint 1: not in this database/],
    [
      'a claim is deleted together with its number in the recorded checkpoints',
      async (client) => {
        await deleteClaim(client);
        await mendFeed(client);
        await run(`UPDATE checkpoints SET unused_numbers = '{[1,1000000)}'`)(client);
      },
      /\): the whole claim is missing/,
    ],
  ];
  for (const [what, tamper, report] of withCheckpoint) {
    it(`reveals only with a checkpoint when ${what}`, async () => {
      const { within, outside } = await tampered(tamper, async () => ({ within: await verify(), outside: await verify(checkpoint) }));
      expect(within).to.have.property('code', 0);
      expect(outside.output).to.match(report);
      expect(outside.code).to.equal(1);
    });
  }

  it('gets a checkpoint from the worker once a day', async () => {
    const keeper = new CheckpointKeeper(database.source, { folder: join(folder, 'daily'), keyFile: key });
    expect(await keeper.keep()).to.equal(false);
    await database.source.query(`INSERT INTO sandbox_clock (ahead) VALUES ('25 hours')`);
    expect([await keeper.keep(), await keeper.keep()]).to.deep.equal([true, false]);
    const [made] = await readdir(join(folder, 'daily'));
    expect(await verify(join(folder, 'daily', made!))).to.have.property('code', 0);
    await database.source.query(`UPDATE sandbox_clock SET ahead = '0'`);
  });

  it('stays valid after personal data and evidence are erased', async () => {
    const rows = await database.source.query<{ last: Date }[]>("SELECT max(at) + interval '8 years' AS last FROM claim_events");
    await database.source.query('UPDATE sandbox_clock SET ahead = $1::timestamptz - clock_timestamp()', [rows[0]!.last]);
    const { personalData, evidenceFiles } = await eraseDue(database.source, { by: 'olga' });
    expect([personalData > 0, evidenceFiles]).to.deep.equal([true, 5]);
    expect(await verify(checkpoint)).to.have.property('code', 0);
    const next = await makeCheckpoint();
    expect(await verify(next)).to.have.property('code', 0);
    expect(await verify(checkpoint)).to.have.property('code', 0);
  });

  it('is not compared with a checkpoint that was changed, cut off or signed by another key', async () => {
    const text = await readFile(checkpoint, 'utf8');
    const forged = join(folder, 'forged');
    await writeFile(forged, text.replace(claim.number, 'CLM-888888'));
    expect(await cpor('verify', '--checkpoint', forged)).to.deep.equal({
      code: 1,
      output: `${forged} was changed after it was written. Use another copy or an earlier checkpoint.\n`,
    });
    await writeFile(forged, text.split('\n').slice(0, 3).join('\n'));
    expect(await verify(forged).catch((error: Error) => error))
      .to.have.property('message')
      .that.includes('is cut off');
    const other = join(folder, 'other.pem');
    await writeFile(other, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
    const { code, output } = await cpor('verify', '--checkpoint', checkpoint, '--key', other);
    expect(output).to.include('was not signed by this key');
    expect(code).to.equal(1);
  });
});
