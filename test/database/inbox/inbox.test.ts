import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { waitFor } from '../../support/wait.js';
import { createDataSource } from '#libs/event-store/index.js';
import { acceptCommand, executeCommands, executeWithin, findCommand } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { addTenants, customer, type ClaimServices, northwind, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectory } from '../../support/worker.js';

describe('the inbox', () => {
  let database: TestDatabase;
  let directory: TestDirectory;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 24 });
    directory = new TestDirectory(database.source);
    services = { source: database.source, library: new ProgrammeLibrary(database.source), directory };
    tenants = await addTenants(database.source, 20);
  });

  after(() => database?.close());

  async function drafted(): Promise<TestClaim> {
    const claim = new TestClaim(services, { tenant: tenants.pop()! });
    expect(await claim.draft()).to.deep.equal({ status: 'done', version: 1 });
    return claim;
  }

  async function submitted(): Promise<TestClaim> {
    const claim = await drafted();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    expect(await claim.phase()).to.equal('submitted');
    return claim;
  }

  /** Creates a claim whose customer has been notified: the consent window is open. */
  async function notified(): Promise<TestClaim> {
    const claim = await submitted();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    const { notices } = (await claim.row()).state;
    const results = notices[0]!.recipients.map(({ recipientId }) => ({
      recipientId,
      outcome: 'accepted' as const,
      acceptedAt: new Date().toISOString(),
    }));
    await claim.accept(
      'recordNoticeDelivery',
      { kind: 'system', subject: 'cpor', actsFor: [] },
      { noticeId: notices[0]!.noticeId, results },
    );
    await claim.execute();
    return claim;
  }

  it('stores a command once when sixteen copies arrive together, and gives each the same answer', async () => {
    const claim = await submitted();
    const command = await claim.command('startReview', reviewer, {});
    const answers = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const acceptance = await acceptCommand(database.source.manager, command);
        await claim.execute();
        const { fingerprint: _, ...stored } = (await findCommand(database.source.manager, command.commandId))!;
        return { result: acceptance.result, stored };
      }),
    );
    expect(answers.filter(({ result }) => result === 'accepted')).to.have.length(1);
    expect(answers.filter(({ result }) => result === 'repeated')).to.have.length(15);
    for (const { stored } of answers) expect(stored).to.deep.equal(answers[0]!.stored);
    expect(answers[0]!.stored.outcome).to.deep.equal({ status: 'done', version: 4 });
    expect(await claim.eventTypes()).to.deep.equal(['ClaimDrafted', 'EvidenceAdded', 'ClaimSubmitted', 'ReviewStarted']);
  });

  it('never lets people who have acted for a partner review its claims', async () => {
    const first = await drafted();
    const second = new TestClaim(services, { tenant: tenants.pop()! });
    Object.assign(second.partner, { subject: 'a-colleague' });
    await second.draft();
    await second.addEvidence();
    await second.accept('submitClaim', second.partner, {});
    const changedSides = { ...reviewer, subject: first.partner.subject };
    const { commandId } = await second.accept('approveClaim', changedSides, {});
    await second.execute();
    expect(await second.outcome(commandId)).to.have.nested.property('findings[0].code', 'self_review_forbidden');
    expect(await second.phase()).to.equal('submitted');
  });

  it('refuses a different request under a used key', async () => {
    const claim = await submitted();
    const first = await claim.command('startReview', reviewer, {}, { fingerprint: 'first' });
    expect((await acceptCommand(database.source.manager, first)).result).to.equal('accepted');
    expect(await acceptCommand(database.source.manager, { ...first, fingerprint: 'second' })).to.deep.equal({ result: 'conflict' });
  });

  it('reports an unknown claim and stores nothing', async () => {
    const claim = new TestClaim(services);
    const command = await claim.command('startReview', reviewer, {});
    expect(await acceptCommand(database.source.manager, command)).to.deep.equal({ result: 'claim_unknown' });
    expect(await findCommand(database.source.manager, command.commandId)).to.equal(null);
  });

  it('refuses a command that expects another version, and repeats the refusal', async () => {
    const claim = await submitted();
    const { commandId } = await claim.accept('startReview', reviewer, {}, { expectedVersion: 2 });
    await claim.execute();
    const refusal = await claim.outcome(commandId);
    expect(refusal).to.deep.include({ status: 'refused', version: 3 });
    expect(refusal).to.have.nested.property('findings[0].code', 'version_conflict');

    await claim.accept('startReview', reviewer, {}, { expectedVersion: 3 });
    await claim.execute();
    expect(await claim.phase()).to.equal('under_review');
    expect(await claim.outcome(commandId)).to.deep.equal(refusal);
  });

  it('executes commands in the order received, each on the state the previous one left', async () => {
    const claim = await submitted();
    const start = await claim.accept('startReview', reviewer, {});
    const again = await claim.accept('startReview', reviewer, {});
    const withdraw = await claim.accept('withdrawClaim', claim.partner, {});
    await claim.execute();
    expect(await claim.outcome(start.commandId)).to.deep.equal({ status: 'done', version: 4 });
    expect(await claim.outcome(again.commandId)).to.have.nested.property('findings[0].code', 'not_in_phase');
    expect(await claim.outcome(withdraw.commandId)).to.deep.equal({ status: 'done', version: 5 });
  });

  it('leaves nothing of a draft that is refused in its creating transaction', async () => {
    const claim = new TestClaim(services, { tenant: { tenantId: randomUUID(), domain: 'nobody.example' } });
    const command = await claim.command('draftClaim', claim.partner, {
      number: claim.number,
      partnerAccountId: claim.partnerAccountId,
      details: claim.details,
    });
    const attempt = database.source.transaction(async (manager) => {
      await manager.query('INSERT INTO claims (claim_id, number, partner_account_id) VALUES ($1, $2, $3)', [
        claim.claimId,
        claim.number,
        claim.partnerAccountId,
      ]);
      await acceptCommand(manager, command);
      await executeWithin(manager, services.library, claim.claimId);
      const outcome = (await findCommand(manager, command.commandId))!.outcome;
      expect(outcome).to.have.nested.property('findings[0].code', 'tenant_unknown');
      throw new Error('refused');
    });
    expect(await attempt.catch((error: Error) => error.message)).to.equal('refused');
    for (const table of ['claims', 'claim_commands', 'claim_events', 'claim_lines', 'personal_data', 'directory_answers']) {
      const [row] = await database.source.query(`SELECT count(*)::int AS rows FROM ${table} WHERE claim_id = $1`, [claim.claimId]);
      expect(row, table).to.deep.equal({ rows: 0 });
    }
  });

  it('loses nothing when the connection dies during execution, and decides the command once when it is retried', async () => {
    const claim = await submitted();
    const { commandId } = await claim.accept('startReview', reviewer, {});
    const dying = database.source.transaction(async (manager) => {
      await executeWithin(manager, services.library, claim.claimId);
      const [{ pid }] = await manager.query('SELECT pg_backend_pid() AS pid');
      await asSuperuser(database, 'SELECT pg_terminate_backend($1)', [pid]);
      await manager.query('SELECT 1');
    });
    expect(
      await dying.then(
        () => 'committed',
        () => 'failed',
      ),
    ).to.equal('failed');
    expect(await claim.outcome(commandId)).to.equal(null);
    expect(await claim.eventTypes()).to.not.include('ReviewStarted');

    await Promise.all([claim.execute(), claim.execute()]);
    expect(await claim.outcome(commandId)).to.deep.equal({ status: 'done', version: 4 });
    expect((await claim.eventTypes()).filter((type) => type === 'ReviewStarted')).to.have.length(1);
  });

  it('survives the death of every connection of its pool', async () => {
    const claim = await submitted();
    const { commandId } = await claim.accept('startReview', reviewer, {});
    const work = Promise.allSettled(Array.from({ length: 8 }, () => claim.execute()));
    await asSuperuser(database, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()', [
      database.name,
    ]);
    await work;
    // The pool may still hand out a connection that has died unnoticed, so this is retried as the activity is.
    const isExecuted = () =>
      claim.execute().then(
        () => true,
        () => false,
      );
    await waitFor('a live connection', isExecuted);
    expect(await claim.outcome(commandId)).to.deep.equal({ status: 'done', version: 4 });
  });

  it('returns the same position for a repeated execution and appends nothing', async () => {
    const claim = await notified();
    const first = await claim.execute();
    const second = await claim.execute();
    expect(second.position).to.deep.equal(first.position);
    expect(second.needsDirectory).to.equal(false);
    expect((await claim.row()).version).to.equal(first.position.version);
  });

  it('decides the commands before one that needs the directory’s answer, and stops there', async () => {
    const claim = await submitted();
    const start = await claim.accept('startReview', reviewer, {});
    const approve = await claim.accept('approveClaim', reviewer, {}, { withFacts: false });
    expect((await claim.execute()).needsDirectory).to.equal(true);
    expect(await claim.outcome(start.commandId)).to.deep.equal({ status: 'done', version: 4 });
    expect(await claim.outcome(approve.commandId)).to.equal(null);
  });

  it('waits for the directory when an address is corrected before the notice is delivered', async () => {
    const claim = await submitted();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    const contacts = { ...claim.details.contacts, customer: claim.contact(`new@${claim.details.domain}`) };
    const { commandId } = await claim.accept('editClaim', claim.partner, { changes: { contacts } }, { withFacts: false });
    expect((await claim.execute()).needsDirectory).to.equal(true);
    expect(await claim.outcome(commandId)).to.equal(null);
  });

  it('saves a draft while the directory does not answer', async () => {
    const claim = await drafted();
    const { commandId } = await claim.accept('editClaim', claim.partner, { changes: { name: 'Another name' } }, { withFacts: false });
    expect((await claim.execute()).needsDirectory).to.equal(false);
    expect(await claim.outcome(commandId)).to.deep.equal({ status: 'done', version: 2 });
  });

  it('keeps people’s addresses, names and texts out of commands, events and directory answers', async () => {
    const claim = await notified();
    const textId = randomUUID();
    const words = 'We never met Pat Roe';
    const personal = [{ personId: textId, kind: 'text' as const, content: { text: words } }];
    await claim.accept('optOut', customer, { textId }, { personal });
    await claim.execute();
    const [stored] = await database.source.query('SELECT content FROM personal_data WHERE person_id = $1', [textId]);
    expect(stored).to.deep.equal({ content: { text: words } });
    const [admin] = await database.source.query<{ content: { name: string; email: string } }[]>(
      `SELECT content FROM personal_data WHERE claim_id = $1 AND kind = 'tenant_admin'`,
      [claim.claimId],
    );
    const secrets = [
      'ann lee',
      'pat roe',
      claim.customerEmail,
      'pat@evergreen.example',
      words,
      'cio',
      admin!.content.name,
      admin!.content.email,
    ];
    for (const table of ['claim_events', 'claim_commands', 'directory_answers', 'claims', 'associations', 'notice_recipients']) {
      const rows = await database.source.query<{ text: string }[]>(`SELECT lower(t::text) AS text FROM ${table} t WHERE claim_id = $1`, [
        claim.claimId,
      ]);
      if (table !== 'associations') expect(rows, table).to.not.be.empty;
      for (const { text } of rows) {
        for (const secret of secrets) expect(text, `${table} contains ${secret}`).to.not.match(new RegExp(`\\b${secret.toLowerCase()}\\b`));
        expect(text, table).to.not.match(/[a-z0-9._-]+@[a-z0-9-]+\.example/);
      }
    }
  });

  it('needs no second connection while it locks a claim', async () => {
    const claims = await Promise.all([submitted(), submitted(), submitted()]);
    const small = await createDataSource(database.appUrl, { poolSize: 3 }).initialize();
    try {
      for (const claim of claims) await claim.accept('startReview', reviewer, {});
      const library = new ProgrammeLibrary(small);
      await Promise.all(claims.map(({ claimId }) => executeCommands(small, library, claimId)));
      for (const claim of claims) expect(await claim.phase()).to.equal('under_review');
    } finally {
      await small.destroy();
    }
  });

  it('throws for a claim that does not exist', async () => {
    const fault = await executeCommands(database.source, services.library, northwind.tenantId).catch((error: Error) => error.message);
    expect(fault).to.equal(`There is no claim ${northwind.tenantId}.`);
  });
});
