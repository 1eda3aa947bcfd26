import { execFile } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Client } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { type Access, recordAccesses } from '#libs/access-log/index.js';
import { systemActor } from '#libs/claims/index.js';
import { chainHash, readEvents, verifyChains } from '#libs/event-store/index.js';
import { beginning, readFeed } from '#libs/event-feed/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { checkSignature } from '#libs/audit-trail/index.js';
import { eraseDue } from '#libs/retention/index.js';
import { verifyRecord } from '../../../apps/cli/src/verify.command.js';
import { CheckpointKeeper } from '../../../apps/worker/src/checkpoint-keeper.js';
import { addTenants, type ClaimServices, customer, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
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
  /** Refused by its customer after a window that ran; what is tampered with. */
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
    await official();
    await readFeed(database.source.manager, { kind: 'everything' }, { after: beginning, limit: 1 });
    checkpoint = await makeCheckpoint();
    // Later additions are no fault.
    await claim.accept('addComment', claim.partner, { textId: claim.claimId, visibility: 'shared' });
    await claim.execute();
    await refused();
    await recordAccesses(database.source.manager, [access(claim)]);
  });

  after(async () => {
    await database?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** Told to its customer. */
  async function told(): Promise<{ claim: TestClaim; evidenceId: string }> {
    const made = new TestClaim(services, { tenant: tenants.pop()! });
    await made.draft();
    const file = await made.addEvidence(Buffer.from(`Signed for ${made.claimId}`));
    await made.accept('submitClaim', made.partner, {});
    await made.execute();
    await made.accept('approveClaim', reviewer, {});
    await made.execute();
    const notice = (await made.row()).state.notices.at(-1)!;
    const [clock] = await database.source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
    const acceptedAt = clock.now.toISOString();
    const results = notice.recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt }));
    await made.accept('recordNoticeDelivery', systemActor, { noticeId: notice.noticeId, results });
    await made.execute();
    return { claim: made, evidenceId: file };
  }

  async function official(): Promise<void> {
    const { claim: made } = await told();
    await made.accept('acceptClaim', customer, { isTenantAdmin: true });
    await made.execute();
    expect(await made.phase()).to.equal('official');
    await made.accept('endAssociation', made.partner, { reason: 'partner_disassociated', textId: made.claimId });
    await made.execute();
  }

  /** From a draft to a refusal, with one command that was refused. */
  async function refused(): Promise<{ claim: TestClaim; evidenceId: string; optOutId: string; commentId: string }> {
    const { claim: made, evidenceId: file } = await told();
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

  /** What the command does, in this process: starting one for each look would take minutes. */
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

  /** Lets the superuser do something for the time of a look at it, and undoes it. */
  async function tampered<Result>(tamper: (client: Client) => Promise<void>, look: () => Promise<Result>): Promise<Result> {
    const tables = [
      'claims',
      'claim_lines',
      'claim_commands',
      'claim_events',
      'evidence_files',
      'access_logs',
      'access_entries',
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
      return await look();
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

  /** The refusal never happened: its events are gone, head and commands are made to fit, as somebody would who knows the code. */
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

  /** The last event says something else, and every hash fits. */
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
    await client.query('UPDATE claims SET last_hash = $2 WHERE claim_id = $1', [claim.claimId, hash]);
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

  it('is verified, including what was added since a checkpoint', async () => {
    expect(await verify()).to.have.property('code', 0);
    const { code, output } = await verify(checkpoint);
    expect(output).to.match(/Compared 4 claims with checkpoint 1 of .*: nothing is missing or changed/);
    expect(code).to.equal(0);
  });

  // Faults that are found with or without a checkpoint. The chains of events alone do not reveal them.
  const fromWithin: [what: string, tamper: (client: Client) => Promise<void>, says: RegExp][] = [
    [
      'the instant of a refusal is moved',
      run(`UPDATE claim_commands SET received_at = received_at + interval '5 days' WHERE command_id = $1`, () => optOutId),
      /executed command number \d+ or its outcome was changed/,
    ],
    [
      'somebody else is said to have refused',
      run(
        `UPDATE claim_commands SET actor = '{"kind": "customer", "subject": "mallory", "actsFor": []}' WHERE command_id = $1`,
        () => optOutId,
      ),
      /executed command number \d+ or its outcome was changed/,
    ],
    [
      'a command that was refused is said to have been something else',
      run(`UPDATE claim_commands SET body = '{"lines": [1]}' WHERE command_id = $1`, () => commentId),
      /executed command number \d+ or its outcome was changed/,
    ],
    [
      'a command is gone',
      run('DELETE FROM claim_commands WHERE command_id = $1', () => optOutId),
      /executed command number \d+ is missing/,
    ],
    [
      'evidence has other bytes',
      run(`UPDATE evidence_files SET content = 'Forged' WHERE id = $1`, () => evidenceId),
      /the content of evidence \S+ was changed/,
    ],
    [
      'evidence has other bytes and the hash that fits',
      run(
        `UPDATE evidence_files SET content = 'Forged', size_bytes = 6, sha256 = encode(sha256('Forged'), 'hex') WHERE id = $1`,
        () => evidenceId,
      ),
      /the recorded hash of evidence \S+ was changed/,
    ],
    ['evidence is gone', run('DELETE FROM evidence_files WHERE id = $1', () => evidenceId), /evidence \S+ is missing/],
    [
      'evidence is emptied as if it had been erased',
      run(`UPDATE evidence_files SET content = '', file_name = NULL, erased_at = now() WHERE id = $1`, () => evidenceId),
      /no erasure is on record/,
    ],
    [
      'a feed place points to another event',
      run('UPDATE feed_places SET version = 1 WHERE place = 2'),
      /the event feed at place 2: the event was changed/,
    ],
    ['the feed leaves an event out', run('DELETE FROM feed_places WHERE place = 2'), /the event feed leaves out its event/],
    ['a claim gets another number', run(`UPDATE claims SET number = 'CLM-999999' WHERE claim_id = $1`, id), /its number was changed/],
  ];
  for (const [what, tamper, says] of fromWithin) {
    it(`reveals when ${what}`, async () => {
      const { chains, within, outside } = await tampered(tamper, async () => ({
        chains: await brokenChains(),
        within: await verify(),
        outside: await verify(checkpoint),
      }));
      expect(chains).to.equal(0);
      for (const { code, output } of [within, outside]) {
        expect(output).to.match(says);
        if (!what.includes('feed')) expect(output).to.match(ofClaim());
        expect(code).to.equal(1);
      }
    });
  }

  it('reveals when a whole claim is gone, by its number alone or by its id with a checkpoint', async () => {
    const [within, outside] = await tampered(deleteClaim, async () => [await verify(), await verify(checkpoint)]);
    expect(within.output).to.include(`BROKEN claim ${claim.number}: the whole claim is missing.`);
    expect(outside.output).to.include(`BROKEN claim ${claim.number} (${claim.claimId}): the whole claim is missing.`);
    expect(outside.output.match(/whole claim is missing/g)).to.have.length(1);
    expect([within.code, outside.code]).to.deep.equal([1, 1]);
  });

  it('makes the command exit with code 1 when it has a fault', async () => {
    const within = await tampered(fromWithin[0]![1], () => cpor('verify'));
    expect(within.output).to.match(fromWithin[0]![2]).and.to.match(ofClaim());
    const outside = await tampered(deleteClaim, () => cpor('verify', '--checkpoint', checkpoint));
    expect(outside.output).to.include(`BROKEN claim ${claim.number} (${claim.claimId}): the whole claim is missing.`);
    expect([within.code, outside.code]).to.deep.equal([1, 1]);
    expect(await cpor('verify', '--checkpoint', checkpoint)).to.have.property('code', 0);
  });

  it('reveals when a claim is gone and its events remain', async () => {
    const { code, output } = await tampered(run('DELETE FROM claims WHERE claim_id = $1', id), () => verify());
    expect(output).to.include(`BROKEN claim ${claim.claimId}: the claim is missing, but some of its events exist.`);
    expect(code).to.equal(1);
  });

  // What is made to fit from within can be found from outside alone.
  const fromOutside: [what: string, tamper: (client: Client) => Promise<void>, says: RegExp][] = [
    [
      'the end of a claim is cut off, with its head set back',
      cutTail,
      /events that existed on[^]*are missing[^]*commands that existed on[^]*are missing/,
    ],
    ['a chain is written anew from an event on', rewriteEnd, /events were changed since/],
    [
      'a published programme says something else',
      run(`UPDATE policies SET body = body || '{"language": "ru"}' WHERE name = 'sample'`),
      /programme sample version 1: changed since it was published/,
    ],
    [
      'an access log is cut, with its head set back',
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
      'a whole access log is gone',
      async (client) => {
        await run('DELETE FROM access_entries')(client);
        await run('DELETE FROM access_logs')(client);
      },
      /access log of tenant \S+: the whole log is missing/,
    ],
    ['a checkpoint is forgotten', run('DELETE FROM checkpoints'), /checkpoint 1: not in this database/],
    [
      'a claim is gone, and the number with it from what the database keeps of checkpoints',
      async (client) => {
        await deleteClaim(client);
        await run(`UPDATE checkpoints SET unused_numbers = '{[1,1000000)}'`)(client);
      },
      /\): the whole claim is missing/,
    ],
  ];
  for (const [what, tamper, says] of fromOutside) {
    it(`reveals, with a checkpoint, when ${what}`, async () => {
      const { within, outside } = await tampered(tamper, async () => ({ within: await verify(), outside: await verify(checkpoint) }));
      expect(within).to.have.property('code', 0);
      expect(outside.output).to.match(says);
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

  it('stays valid when personal data and evidence are erased', async () => {
    const rows = await database.source.query<{ last: Date }[]>("SELECT max(at) + interval '8 years' AS last FROM claim_events");
    await database.source.query('UPDATE sandbox_clock SET ahead = $1::timestamptz - clock_timestamp()', [rows[0]!.last]);
    const { personalData, evidenceFiles } = await eraseDue(database.source, { by: 'olga' });
    expect([personalData > 0, evidenceFiles]).to.deep.equal([true, 5]);
    expect(await verify(checkpoint)).to.have.property('code', 0);
    const next = await makeCheckpoint();
    expect(await verify(next)).to.have.property('code', 0);
    expect(await verify(checkpoint)).to.have.property('code', 0);
  });

  it('accepts no checkpoint that was changed, cut off or signed by another key', async () => {
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
