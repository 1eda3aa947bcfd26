import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createDirectory } from '#libs/directory/index.js';
import { chainedEvents, readClock, verifyChains } from '#libs/event-store/index.js';
import { acceptCommand } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { countStuck, settleOverdue } from '#libs/reconciliation/index.js';
import { addTenants, customer, publishBriefProgramme, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { waitFor } from '../../support/wait.js';
import { TestDirectory } from '../../support/worker.js';

/** Commands and events of a later version, which an older process meets while both run, and after a roll-back. */
describe('what this version does not know', () => {
  let database: TestDatabase;
  let library: ProgrammeLibrary;

  beforeEach(async () => {
    database = await createTestDatabase();
    library = new ProgrammeLibrary(database.source);
  });
  afterEach(() => database?.close());

  async function submitted(programme = 'sample'): Promise<TestClaim> {
    const { source } = database;
    const [tenant] = await addTenants(source, 1);
    const claim = new TestClaim({ source, library, directory: new TestDirectory(source) }, { tenant: tenant!, programme });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    return claim;
  }

  /** Stores a command as a later version would. Returns its id. */
  async function acceptUnknown(claim: TestClaim): Promise<string> {
    const commandId = randomUUID();
    const command = { type: 'splitClaim', actor: claim.partner, body: { parts: [1, 2] } } as never;
    await acceptCommand(database.source.manager, { commandId, claimId: claim.claimId, command, fingerprint: 'one' });
    return commandId;
  }

  const bodyOf = async (commandId: string) =>
    (await database.source.query<{ body: object }[]>('SELECT body FROM claim_commands WHERE command_id = $1', [commandId]))[0]?.body;

  it('waits in the inbox, with what came after it; what came before is executed', async () => {
    const claim = await submitted();
    const before = await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' });
    const unknown = await acceptUnknown(claim);
    const after = await claim.accept('approveClaim', reviewer, {});
    const execution = await claim.execute();
    expect((await claim.outcome(before.commandId))?.status).to.equal('done');
    expect(await claim.outcome(unknown)).to.equal(null);
    expect(await claim.outcome(after.commandId)).to.equal(null);
    expect(execution).to.include({ unknownCommand: 'splitClaim', needsDirectory: false, wasChanged: true });
    expect(await bodyOf(unknown)).to.deep.equal({ parts: [1, 2] });
    expect(await claim.execute()).to.include({ unknownCommand: 'splitClaim', wasChanged: false });
  });

  it('is executed, in its order, by a version that knows it', async () => {
    const claim = await submitted();
    const unknown = await acceptUnknown(claim);
    const after = await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    // What the later version would find: a command that it knows.
    await asSuperuser(database, `UPDATE claim_commands SET type = 'addComment', body = $2 WHERE command_id = $1`, [
      unknown,
      JSON.stringify({ textId: randomUUID(), visibility: 'shared' }),
    ]);
    expect(await claim.execute()).to.include({ unknownCommand: null });
    expect((await claim.outcome(unknown))?.status).to.equal('done');
    expect((await claim.outcome(after.commandId))?.status).to.equal('done');
    const types = await claim.eventTypes();
    expect(types.indexOf('CommentAdded')).to.be.lessThan(types.indexOf('LinesApproved')).and.greaterThan(-1);
  });

  it('holds back the deadlines after it, without asking for them in a loop, and says so', async () => {
    await publishBriefProgramme(database.source, 'brief', 2);
    const claim = await submitted('brief');
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    await claim.deliverNotice();
    await acceptUnknown(claim);
    await claim.accept('optOut', customer, {});
    const closesAt = Date.parse((await claim.row()).alarm_at!.toISOString());
    await waitFor('the window to pass', async () => Date.parse(await readClock(database.source)) > closesAt);
    const held = await claim.execute();
    expect(held.unknownCommand).to.equal('splitClaim');
    expect(held.wakeInMs).to.be.at.least(60_000);
    expect(await claim.phase()).to.equal('consent_pending');
  });

  it('is set aside by the settlement, and counted among the claims that are stuck', async () => {
    const claim = await submitted();
    await acceptUnknown(claim);
    await asSuperuser(database, `UPDATE claims SET alarm_at = cpor_now() - interval '1 hour' WHERE claim_id = $1`, [claim.claimId]);
    const { source } = database;
    const engine = { wake: () => Promise.resolve() };
    const report = await settleOverdue({ source, library, directory: createDirectory(null, source), engine });
    expect(report).to.deep.include({ settled: 0, setAside: 1 });
    expect((await countStuck(source)).claims).to.equal(1);
    const [row] = await source.query<{ fault: string }[]>('SELECT fault FROM stuck_claims WHERE claim_id = $1', [claim.claimId]);
    expect(row!.fault).to.equal('The command splitClaim is of a later version. It waits for a worker that knows it.');
  });

  it('is carried by the record: an event with a new type or field changes nothing else', async () => {
    const claim = await submitted();
    const [first] = await database.source.query<{ last_hash: Buffer; version: number }[]>(
      'SELECT last_hash, version FROM claims WHERE claim_id = $1',
      [claim.claimId],
    );
    const at = new Date().toISOString();
    const event = { type: 'ClaimSplit', at, by: { kind: 'system', subject: 'cpor' }, data: { parts: [1, 2], later: { deep: true } } };
    const recorded = { ...event, version: first!.version + 1, recordedAt: at, commandId: null } as never;
    const { write, hash } = chainedEvents(claim.claimId, first!.last_hash, [recorded]);
    await database.source.query(write.sql, write.parameters);
    await asSuperuser(
      database,
      `UPDATE claims SET version = version + 1, last_hash = $2, folded = 'later@' || version + 1 WHERE claim_id = $1`,
      [claim.claimId, hash],
    );
    const { commandId } = await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    expect((await claim.outcome(commandId))?.status).to.equal('done');
    const kept = (await claim.events()).find(({ type }) => (type as string) === 'ClaimSplit');
    expect(kept?.data).to.deep.equal({ parts: [1, 2], later: { deep: true } });
    for await (const { broken } of verifyChains(database.source.manager)) expect(broken).to.deep.equal([]);
  });
});
