import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { v7 as uuidV7 } from 'uuid';
import { type Access, recordAccesses, recordRefusal } from '#libs/access-log/index.js';
import { systemActor } from '#libs/claims/index.js';
import { verifyChains } from '#libs/event-store/index.js';
import { EvidenceStore } from '#libs/evidence/index.js';
import { ImportStore } from '#libs/imports/index.js';
import { ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import type { SentClaim } from '#libs/new-claims/index.js';
import { sampleCalendars } from '#libs/calendar/index.js';
import { eraseDue, erasePerson, type ErasureReport, exportContact, placeHold, releaseHold } from '#libs/retention/index.js';
import { addTenants, type ClaimOptions, type ClaimSurroundings, customer, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { sentClaim } from '../../support/imports.js';
import { TestDirectory } from '../../support/worker.js';

const by = 'olga';
/** Of the sample programme's calendar. */
const zone = sampleCalendars.find(({ name }) => name === samplePolicy.calendar)!.zone;

describe('retention', () => {
  let database: TestDatabase;
  let around: ClaimSurroundings;
  let tenants: { tenantId: string; domain: string }[];

  beforeEach(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 6 });
    around = { source: database.source, library: new ProgrammeLibrary(database.source), directory: new TestDirectory(database.source) };
    tenants = await addTenants(database.source, 8);
  });

  afterEach(() => database?.close());

  const query = <Row extends object>(sql: string, parameters: unknown[] = []) => database.source.query<Row[]>(sql, parameters);

  async function setClock(to: string | Date): Promise<void> {
    await query(
      `INSERT INTO sandbox_clock (ahead) SELECT $1::timestamptz - clock_timestamp()
       ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead`,
      [to],
    );
  }

  async function setLocalClock(local: string, ms = 0): Promise<void> {
    const [row] = await query<{ at: Date }>(`SELECT $1::timestamp AT TIME ZONE $2 + $3 * interval '1 millisecond' AS at`, [
      local,
      zone,
      ms,
    ]);
    await setClock(row!.at);
  }

  /** The first instant of the day, in the programme's zone, that lies a period after the claim's last event that counts, and some milliseconds. */
  async function after(claim: TestClaim, interval: string, ms = 0): Promise<Date> {
    const [row] = await query<{ at: Date }>(
      `SELECT ((max(at) AT TIME ZONE $4)::date + $2::interval) AT TIME ZONE $4 + $3 * interval '1 millisecond' AS at
       FROM claim_events WHERE claim_id = $1 AND type <> 'CommentAdded'`,
      [claim.claimId, interval, ms, zone],
    );
    return row!.at;
  }

  async function submitted(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = new TestClaim(around, { tenant: tenants.pop()!, ...options });
    expect(await claim.draft()).to.have.property('status', 'done');
    await claim.addEvidence();
    const content = Buffer.from(`Signed by Ann Lee ${claim.claimId}`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const file = { id: randomUUID(), claimId: claim.claimId, sha256, mediaType: 'application/pdf', fileName: 'ann-lee.pdf', content };
    await new EvidenceStore(database.source).insert({ ...file, signedOn: null, uploadedBy: 'ann', scanResult: 'unscanned' });
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    expect(await claim.phase()).to.equal('submitted');
    return claim;
  }

  async function withdrawn(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = await submitted(options);
    await claim.accept('withdrawClaim', claim.partner, {});
    await claim.execute();
    expect((await claim.row()).is_open).to.equal(false);
    return claim;
  }

  async function approved(): Promise<TestClaim> {
    const claim = await submitted();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    return claim;
  }

  /** The mail server took every mail of the notice. */
  async function deliver(claim: TestClaim): Promise<void> {
    const [notice] = (await claim.row()).state.notices;
    const { noticeId, recipients } = notice!;
    await query(`UPDATE notice_recipients SET outcome = 'accepted', settled_at = cpor_now(), response = '250 OK' WHERE notice_id = $1`, [
      noticeId,
    ]);
    const [clock] = await query<{ now: Date }>('SELECT cpor_now() AS now');
    const results = recipients.map(({ recipientId }) => ({
      recipientId,
      outcome: 'accepted' as const,
      acceptedAt: clock!.now.toISOString(),
    }));
    await claim.accept('recordNoticeDelivery', systemActor, { noticeId, results });
    await claim.execute();
  }

  async function official(): Promise<TestClaim> {
    const claim = await approved();
    await deliver(claim);
    const { alarm_at } = await claim.row();
    await setClock(new Date(alarm_at!.getTime() + 60_000));
    await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' }, { withFacts: true });
    await claim.execute();
    expect(await claim.phase()).to.equal('official');
    return claim;
  }

  const people = (claim: TestClaim) =>
    query<{ person_id: string; kind: string; content: { email: string } | null }>(
      'SELECT person_id, kind, content FROM personal_data WHERE claim_id = $1 ORDER BY kind, person_id',
      [claim.claimId],
    );
  const heldOf = async (claim: TestClaim) => (await people(claim)).filter(({ content }) => content !== null).length;
  const files = (claim: TestClaim) =>
    query<{ file_name: string | null; size: number; size_bytes: number }>(
      'SELECT file_name, length(content) AS size, size_bytes FROM evidence_files WHERE claim_id = $1',
      [claim.claimId],
    );
  const counts = ({ claims, personalData, evidenceFiles }: ErasureReport) => [claims, personalData, evidenceFiles];
  const hold = (claim: TestClaim, requestId = randomUUID()) =>
    placeHold(database.source, { requestId, claimId: claim.claimId, reason: 'Litigation', by, fingerprint: 'f' });

  it('erases the contents of evidence 24 months after the end, not a minute earlier, and keeps what proves them', async () => {
    const claim = await withdrawn();
    const before = await files(claim);
    await setClock(await after(claim, '24 months', -60_000));
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([0, 0, 0]);
    expect(await files(claim)).to.deep.equal(before);
    await setClock(await after(claim, '24 months'));
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([1, 0, 1]);
    expect(await files(claim)).to.deep.equal([{ file_name: null, size: 0, size_bytes: before[0]!.size_bytes }]);
    expect(await heldOf(claim)).to.equal(3);
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([0, 0, 0]);
  });

  for (const [ended, months, dueOn] of [
    ['2026-11-29', 3, '2027-02-28'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2027-11-29', 3, '2028-02-29'],
    ['2028-02-29', 24, '2030-02-28'],
    ['2027-01-31', 1, '2027-02-28'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2026-10-31', 24, '2028-10-31'],
  ] as const) {
    it(`keeps what ended on ${ended} for ${months} months until ${dueOn} begins, and not to that day's end`, async () => {
      const policy = { ...samplePolicy, name: 'short', retention: { eventYears: 9, evidenceMonths: months } };
      await query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('short', 1, '2025-01-01', $1)`, [policy]);
      await setLocalClock(`${ended}T12:00`);
      await withdrawn({ programme: 'short' });
      await setLocalClock(`${dueOn}T00:00`, -60_000);
      expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([0, 0, 0]);
      await setLocalClock(`${dueOn}T00:00`);
      expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([1, 0, 1]);
    });
  }

  it('erases what came with a refused command after 30 days, and nothing of what was done', async () => {
    const claim = await withdrawn();
    const file = {
      id: randomUUID(),
      claimId: claim.claimId,
      mediaType: 'application/pdf',
      fileName: 'late.pdf',
      content: Buffer.from('%'),
    };
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    await new EvidenceStore(database.source).insert({ ...file, sha256, signedOn: null, uploadedBy: 'ann', scanResult: 'unscanned' });
    const evidence = { evidenceId: file.id, sha256, signedOn: null, cover: null };
    const text = (words: string) => ({ personId: randomUUID(), kind: 'text' as const, content: { text: words } });
    const [refusedWords, keptWords] = [text('Too late.'), text('Thank you.')];
    const refused = [
      await claim.accept('addEvidence', claim.partner, { evidence }),
      await claim.accept('openDispute', claim.partner, { textId: refusedWords.personId }, { personal: [refusedWords] }),
    ];
    await claim.accept('addComment', claim.partner, { textId: keptWords.personId, visibility: 'shared' }, { personal: [keptWords] });
    await claim.execute();
    for (const { commandId } of refused) expect(await claim.outcome(commandId)).to.have.property('status', 'refused');
    const heldBefore = await heldOf(claim);
    const [{ settled_at: settledAt }] = (await query<{ settled_at: Date }>('SELECT settled_at FROM claim_commands WHERE command_id = $1', [
      refused[1]!.commandId,
    ])) as [{ settled_at: Date }];
    const thirtyDays = 30 * 86_400_000;
    await setClock(new Date(settledAt.getTime() + thirtyDays - 60_000));
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([0, 0, 0]);
    await setClock(new Date(settledAt.getTime() + thirtyDays));
    expect(counts(await eraseDue(database.source, { by, isDryRun: true }))).to.deep.equal([1, 1, 1]);
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([1, 1, 1]);
    expect(await heldOf(claim)).to.equal(heldBefore - 1);
    expect((await files(claim)).map(({ file_name }) => file_name)).to.have.members([null, 'ann-lee.pdf']);
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([0, 0, 0]);
  });

  it('erases everything of a claim that was refused when it was to be made', async () => {
    const claimId = randomUUID();
    const person = randomUUID();
    await query(`INSERT INTO claims (claim_id, number, partner_account_id) VALUES ($1, 'CLM-X', 'evergreen')`, [claimId]);
    await query(
      `INSERT INTO claim_commands (command_id, claim_id, type, actor, body, fingerprint, received_at, outcome, settled_at)
       VALUES (gen_random_uuid(), $1, 'draftClaim', '{}', '{}', 'f', cpor_now(), '{"status": "refused"}', cpor_now())`,
      [claimId],
    );
    await query(`INSERT INTO personal_data (person_id, claim_id, kind, content) VALUES ($1, $2, 'tenant_admin', '{"name": "Ann"}')`, [
      person,
      claimId,
    ]);
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([0, 0, 0]);
    await setClock(new Date(Date.now() + 31 * 86_400_000));
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([1, 1, 0]);
  });

  it('erases everything about people 7 years after the end, with links, answers of mail servers and fingerprints, and every chain stays whole', async () => {
    const claim = await official();
    await claim.accept('optOut', customer, {});
    await claim.execute();
    await query(`UPDATE notice_recipients SET token_hash = sha256(recipient_id::text::bytea) WHERE claim_id = $1`, [claim.claimId]);
    await setClock(await after(claim, '7 years'));
    const report = await eraseDue(database.source, { by });
    expect(counts(report)).to.deep.equal([1, (await people(claim)).length, 1]);
    expect(await heldOf(claim)).to.equal(0);
    const links = await query('SELECT DISTINCT token_hash, response FROM notice_recipients WHERE claim_id = $1', [claim.claimId]);
    expect(links).to.deep.equal([{ token_hash: null, response: null }]);
    expect(await query('SELECT DISTINCT fingerprint FROM claim_commands WHERE claim_id = $1', [claim.claimId])).to.deep.equal([
      { fingerprint: '' },
    ]);
    for await (const { broken } of verifyChains(database.source.manager)) expect(broken).to.deep.equal([]);
  });

  it('leaves a claim alone that is open, that holds a live association, or that has a command to carry out', async () => {
    const open = await submitted();
    const live = await official();
    const asked = await withdrawn();
    await asked.accept('addComment', asked.partner, { textId: randomUUID(), visibility: 'shared' });
    await setClock(await after(live, '20 years'));
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([0, 0, 0]);
    expect(await Promise.all([open, live, asked].map(heldOf))).to.deep.equal([3, 3, 3]);
  });

  it('counts from the end and not from a comment made later, and a draft that was left from its last change', async () => {
    const claim = await withdrawn();
    const draft = new TestClaim(around, { tenant: tenants.pop()! });
    await draft.draft();
    await setClock(await after(claim, '6 years'));
    await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' });
    await claim.execute();
    await setClock(await after(claim, '7 years', 60_000));
    await eraseDue(database.source, { by });
    expect([await heldOf(claim), await heldOf(draft)]).to.deep.equal([0, 0]);
  });

  it('follows the policy that the claim is under', async () => {
    const policy = { ...samplePolicy, name: 'short', retention: { eventYears: 1, evidenceMonths: 3 } };
    await query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('short', 1, '2025-01-01', $1)`, [policy]);
    const [short, usual] = [await withdrawn({ programme: 'short' }), await withdrawn()];
    await setClock(await after(usual, '3 months'));
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([1, 0, 1]);
    await setClock(await after(usual, '1 year'));
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([1, 3, 0]);
    expect([await heldOf(short), await heldOf(usual)]).to.deep.equal([0, 3]);
  });

  it('changes nothing in a dry run, and reports what would be erased', async () => {
    const claim = await withdrawn();
    await setClock(await after(claim, '8 years'));
    const dry = await eraseDue(database.source, { by, isDryRun: true });
    expect([dry.isDryRun, ...counts(dry), await heldOf(claim)]).to.deep.equal([true, 1, 3, 1, 3]);
    expect(await query('SELECT FROM erasures')).to.deep.equal([]);
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal(counts(dry));
  });

  it('skips a claim under a legal hold, says so, and erases it after the release', async () => {
    const claim = await withdrawn();
    const placed = await hold(claim);
    const holdId = 'hold' in placed ? placed.hold.holdId : '';
    await setClock(await after(claim, '8 years'));
    const report = await eraseDue(database.source, { by });
    expect(counts(report)).to.deep.equal([0, 0, 0]);
    expect(report.kept).to.deep.equal([{ reason: 'legal_hold', claim: claim.number, personIds: [], possibleFrom: null }]);
    expect(counts(await erasePerson(database.source, { email: claim.customerEmail }, { by }))).to.deep.equal([0, 0, 0]);
    const ids = (await people(claim)).map(({ person_id }) => person_id);
    expect(await query('SELECT erase_personal_data($1)', [ids])).to.deep.equal([]);
    expect(await heldOf(claim)).to.equal(4);

    await releaseHold(database.source, holdId, {
      requestId: randomUUID(),
      claimId: claim.claimId,
      reason: 'Settled',
      by,
      fingerprint: 'f',
    });
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([1, 5, 1]);
  });

  it('goes on where a run was cut off, and each thing is recorded once with who, when and which', async () => {
    const claims = [await withdrawn(), await withdrawn(), await withdrawn()];
    await setClock(await after(claims[2]!, '8 years'));
    const cut = eraseDue(database.source, {
      by,
      batchSize: 1,
      onProgress: () => {
        throw new Error('cut off');
      },
    });
    expect(await cut.catch((error: Error) => error.message)).to.equal('cut off');
    const left = await Promise.all(claims.map(heldOf));
    expect(left.sort()).to.deep.equal([0, 3, 3]);
    const rest = await eraseDue(database.source, { by: 'vera', batchSize: 1 });
    expect(counts(rest)).to.deep.equal([2, 6, 2]);
    const recorded = await query<{ ids: string }>('SELECT unnest(person_ids || evidence_ids)::text AS ids FROM erasures ORDER BY ids');
    const erased = await query<{ ids: string }>(
      `SELECT person_id::text AS ids FROM personal_data WHERE erased_at IS NOT NULL
       UNION ALL SELECT id::text FROM evidence_files WHERE erased_at IS NOT NULL ORDER BY ids`,
    );
    expect(recorded).to.deep.equal(erased).and.have.length(12);
    const authors = await query('SELECT erased_by, cause, count(*)::int FROM erasures GROUP BY 1, 2 ORDER BY 1');
    expect(authors).to.deep.equal([
      { erased_by: 'olga', cause: 'retention', count: 1 },
      { erased_by: 'vera', cause: 'retention', count: 2 },
    ]);
  });

  it('leaves a claim that somebody works on to the next run', async () => {
    const claim = await withdrawn();
    await setClock(await after(claim, '8 years'));
    await database.source.transaction(async (manager) => {
      await manager.query('SELECT FROM claims WHERE claim_id = $1 FOR UPDATE', [claim.claimId]);
      const report = await eraseDue(database.source, { by });
      expect([counts(report), report.keptByReason]).to.deep.equal([[0, 0, 0], { busy: 1 }]);
    });
    expect(counts(await eraseDue(database.source, { by }))).to.deep.equal([1, 3, 1]);
  });

  it('reports rows of an import that was paused and forgotten', async () => {
    const imports = new ImportStore(database.source);
    const importId = await imports.begin('evergreen', { kind: 'partner', subject: 'importer', actsFor: [] }, true);
    await imports.addRows(importId, [{ row: 1, content: sentClaim(tenants[0]!) }]);
    await imports.complete(importId, randomUUID(), '');
    await imports.move(importId, 'paused');
    const [made] = await query<{ at: Date }>('SELECT created_at AS at FROM claim_imports');
    await setClock(new Date(made!.at.getTime() + 86_400_000));
    expect((await eraseDue(database.source, { by })).kept).to.deep.equal([]);
    await query(`UPDATE sandbox_clock SET ahead = interval '24 months 1 day'`);
    expect((await eraseDue(database.source, { by })).kept).to.deep.equal([
      { reason: 'import_waiting', claim: null, personIds: [], possibleFrom: null, waiting: { importId, rows: [1] } },
    ]);
  });

  it('stores the report it returns, and no address in it', async () => {
    const claim = await withdrawn();
    const report = await erasePerson(database.source, { email: claim.customerEmail }, { by });
    const [stored] = await query<{ report: object; kind: string; requested_by: string }>(
      'SELECT report, kind, requested_by FROM erasure_reports WHERE report_id = $1',
      [report.reportId],
    );
    expect(report).to.deep.include(stored!.report).and.include({ kind: 'person', requestedBy: by });
    expect([stored!.kind, stored!.requested_by]).to.deep.equal(['person', by]);
    expect(JSON.stringify(report)).to.not.include('@');
  });

  it('lets the application erase, and neither change, undo nor hide it', async () => {
    const claim = await withdrawn();
    await hold(claim);
    const forbidden = [
      `UPDATE personal_data SET content = '{}'`,
      'DELETE FROM personal_data',
      `UPDATE evidence_files SET content = 'other'`,
      'UPDATE evidence_files SET erased_at = NULL',
      ...['legal_holds', 'legal_hold_releases', 'erasures', 'erasure_reports', 'contact_exports'].flatMap((table) => [
        `DELETE FROM ${table}`,
        `TRUNCATE ${table} CASCADE`,
      ]),
      `UPDATE legal_holds SET placed_by = 'nobody'`,
      `UPDATE legal_hold_releases SET released_by = 'nobody'`,
      `UPDATE erasures SET erased_by = 'nobody'`,
      `UPDATE erasure_reports SET requested_by = 'nobody'`,
      `UPDATE contact_exports SET exported_by = 'nobody'`,
    ];
    for (const statement of forbidden) {
      const fault = await query(statement).catch((error: { driverError: { code: string } }) => error.driverError.code);
      expect(fault, statement).to.equal('42501');
    }
  });

  describe('for one person', () => {
    it('refuses while the notice is still to be delivered, and says until when; then erases in every claim, whatever the case', async () => {
      const waiting = await approved();
      const closed = await withdrawn({ customerEmail: waiting.customerEmail.toUpperCase() });
      const { alarm_at } = await waiting.row();
      const contactId = waiting.details.contacts.customer!.personId;
      const first = await erasePerson(database.source, { email: waiting.customerEmail }, { by });
      expect(counts(first)).to.deep.equal([1, 1, 0]);
      expect(first.kept.filter(({ reason }) => reason === 'notice_pending')).to.deep.equal([
        { reason: 'notice_pending', claim: waiting.number, personIds: [contactId], possibleFrom: alarm_at?.toISOString() ?? null },
      ]);
      expect([await heldOf(waiting), await heldOf(closed)]).to.deep.equal([3, 2]);

      await deliver(waiting);
      const second = await erasePerson(database.source, { email: ` ${waiting.customerEmail} ` }, { by });
      expect([counts(second), second.keptByReason]).to.deep.equal([[1, 1, 0], { evidence_retained: 1 }]);
      expect((await people(waiting)).find(({ person_id }) => person_id === contactId)!.content).to.equal(null);
      expect(await heldOf(waiting)).to.equal(2);
      const responses = await query('SELECT response FROM notice_recipients WHERE person_id = $1', [contactId]);
      expect(responses).to.deep.equal([{ response: null }]);
      for await (const { broken } of verifyChains(database.source.manager)) expect(broken).to.deep.equal([]);
    });

    it('needs a contact of the partner no longer than the partner asks', async () => {
      const claim = await approved();
      const report = await erasePerson(database.source, { email: 'pat@evergreen.example' }, { by });
      expect([counts(report), report.keptByReason]).to.deep.equal([[1, 1, 0], { evidence_retained: 1 }]);
      expect(await heldOf(claim)).to.equal(2);
    });

    it('erases what the person wrote by its link, and reports texts of others that name it', async () => {
      const claim = await approved();
      await deliver(claim);
      const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
      const recipient = recipients.find(({ kind }) => kind === 'contact')!;
      const [own, foreign, unrelated] = [randomUUID(), randomUUID(), randomUUID()];
      const text = (personId: string, words: string) => ({ personId, kind: 'text' as const, content: { text: words } });
      await claim.accept(
        'optOut',
        customer,
        { noticeId, recipientId: recipient.recipientId, textId: own },
        { personal: [text(own, 'No.')] },
      );
      const comments = [text(foreign, 'I spoke with ANN LEE.'), text(unrelated, 'All is well.')];
      await claim.accept('addComment', claim.partner, { textId: foreign, visibility: 'shared' }, { personal: comments });
      await claim.execute();
      const report = await erasePerson(database.source, { email: claim.customerEmail }, { by });
      expect(counts(report)).to.deep.equal([1, 2, 0]);
      expect(report.kept).to.deep.equal([
        { reason: 'named_in_text', claim: claim.number, personIds: [foreign], possibleFrom: null },
        { reason: 'evidence_retained', claim: claim.number, personIds: [], possibleFrom: null },
      ]);
      expect(counts(await erasePerson(database.source, { personId: foreign }, { by }))).to.deep.equal([1, 1, 0]);
      const left = await query('SELECT person_id FROM personal_data WHERE person_id = ANY ($1) AND content IS NOT NULL', [
        [own, foreign, unrelated],
      ]);
      expect(left).to.deep.equal([{ person_id: unrelated }]);
    });

    it('hands out and erases the words of a choice, and of whatever else was answered by a link or under a subject', async () => {
      const claim = await approved();
      await deliver(claim);
      const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
      const { recipientId } = recipients.find(({ kind }) => kind === 'contact')!;
      const text = (words: string) => ({ personId: randomUUID(), kind: 'text' as const, content: { text: words } });
      const [choice, byToken, refusal] = [text('Rather the other one.'), text('As administrator: no.'), text('Not them.')];
      const answers = [
        await claim.accept(
          'chooseRival',
          customer,
          { choiceId: randomUUID(), claimId: claim.claimId, recipientId, textId: choice.personId },
          { personal: [choice] },
        ),
        await claim.accept('optOut', customer, { noticeId, recipientId, textId: refusal.personId }, { personal: [refusal] }),
        await claim.accept('withdrawClaim', { ...customer, subject: 'admin-7' }, { textId: byToken.personId }, { personal: [byToken] }),
      ];
      await claim.execute();
      await query(
        `INSERT INTO letters (letter_id, claim_id, kind, person_id, event_version, about, response)
         SELECT gen_random_uuid(), $1, 'ended', person_id, 1, '{}', '250 Queued' FROM notice_recipients WHERE recipient_id = $2`,
        [claim.claimId, recipientId],
      );
      const person = { email: claim.customerEmail, subject: 'admin-7' };
      const pieces: string[] = [];
      for await (const piece of exportContact(database.source, person, by)) pieces.push(piece);
      const { items } = JSON.parse(pieces.join('')) as { items: { type: string; reason?: string; content?: { text: string } }[] };
      expect(items.map(({ type, reason, content }) => `${type} ${reason ?? content?.text ?? ''}`.trim())).to.have.members([
        'contact',
        'notice',
        'letter',
        'letter',
        'choice Rather the other one.',
        'opt_out Not them.',
        'words As administrator: no.',
        'evidence',
      ]);
      expect(counts(await erasePerson(database.source, person, { by, isDryRun: true }))).to.deep.equal([1, 4, 0]);
      await erasePerson(database.source, person, { by });
      const left = await query('SELECT FROM personal_data WHERE person_id = ANY ($1) AND content IS NOT NULL', [
        [choice, byToken, refusal].map(({ personId }) => personId),
      ]);
      expect(left).to.deep.equal([]);
      expect(await query('SELECT FROM letters WHERE response IS NOT NULL')).to.deep.equal([]);
      const prints = await query('SELECT DISTINCT fingerprint FROM claim_commands WHERE command_id = ANY ($1)', [
        answers.map(({ commandId }) => commandId),
      ]);
      expect(prints).to.deep.equal([{ fingerprint: '' }]);
    });

    it('reports rows of imports that wait, whatever the case, and none whose outcome is known', async () => {
      const imports = new ImportStore(database.source);
      const email = `ann.lee@${tenants[0]!.domain}`;
      const told = (to: string) => sentClaim(tenants[0]!, { contacts: { customer: { name: 'Ann Lee', title: 'CIO', email: to } } });
      const content = told(email);
      const importOf = async (...contents: SentClaim[]) => {
        const importId = await imports.begin('evergreen', { kind: 'partner', subject: 'importer', actsFor: [] }, true);
        await imports.addRows(
          importId,
          contents.map((one, index) => ({ row: index + 1, content: one })),
        );
        await imports.complete(importId, randomUUID(), '');
        return importId;
      };
      const waiting = await importOf(content, told('bob@other.example'), told(email.toUpperCase()), content);
      await imports.settle(waiting, 4, { outcome: 'refused', findings: [] });
      const paused = await importOf(content);
      await imports.move(paused, 'paused');
      const cancelled = await importOf(content);
      await imports.move(cancelled, 'cancelled');

      const item = (importId: string, rows: number[]) => ({
        reason: 'import_waiting',
        claim: null,
        personIds: [],
        possibleFrom: null,
        waiting: { importId, rows },
      });
      const report = await erasePerson(database.source, { email }, { by });
      expect(report.kept).to.deep.equal([item(waiting, [1, 3]), item(paused, [1])]);
      await imports.move(waiting, 'cancelled');
      await imports.move(paused, 'cancelled');
      expect((await erasePerson(database.source, { email }, { by })).kept).to.deep.equal([]);
    });

    it('takes the id of a contact for the person everywhere', async () => {
      const claims = [await withdrawn({ customerEmail: 'ann@one.example' }), await withdrawn({ customerEmail: 'ann@one.example' })];
      const report = await erasePerson(database.source, { personId: claims[0]!.details.contacts.customer!.personId }, { by });
      expect(counts(report)).to.deep.equal([2, 2, 0]);
    });

    it('says that the directory still lists an administrator, whom a repeated answer of it does not bring back', async () => {
      const claim = await withdrawn();
      const email = `admin@${claim.details.domain}`;
      const report = await erasePerson(database.source, { email }, { by });
      expect(report.keptByReason).to.deep.equal({ evidence_retained: 1, listed_in_directory: 1 });
      await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' }, { withFacts: true });
      expect(await query(`SELECT content FROM personal_data WHERE claim_id = $1 AND kind = 'tenant_admin'`, [claim.claimId])).to.deep.equal(
        [{ content: null }],
      );
    });

    it('exports everything that is held, in any number, and who was handed it before', async () => {
      const claim = await approved();
      await deliver(claim);
      const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
      const { recipientId } = recipients.find(({ kind }) => kind === 'contact')!;
      const [own, foreign] = [randomUUID(), randomUUID()];
      const text = (personId: string, words: string) => ({ personId, kind: 'text' as const, content: { text: words } });
      await claim.accept('optOut', customer, { noticeId, recipientId, textId: own }, { personal: [text(own, 'Not with them.')] });
      await claim.accept(
        'addComment',
        claim.partner,
        { textId: foreign, visibility: 'shared' },
        { personal: [text(foreign, 'Ann Lee said no.')] },
      );
      await claim.execute();
      const exported = async () => {
        const pieces: string[] = [];
        for await (const piece of exportContact(database.source, { email: claim.customerEmail.toUpperCase() }, by)) pieces.push(piece);
        return (JSON.parse(pieces.join('')) as { items: Record<string, unknown>[] }).items;
      };
      const first = await exported();
      expect(first.map(({ type }) => type)).to.deep.equal(['contact', 'notice', 'letter', 'opt_out', 'text', 'evidence']);
      expect(first[0]).to.include({
        claimNumber: claim.number,
        role: 'customer',
        name: 'Ann Lee',
        title: 'CIO',
        email: claim.customerEmail,
      });
      expect(first[1]).to.include({ claimNumber: claim.number, noticeId, recipientId, outcome: 'accepted', response: '250 OK' });
      expect(first[3]).to.include({ claimNumber: claim.number, reason: 'Not with them.', outcome: 'done' });
      expect(first[4]).to.deep.include({ claimNumber: claim.number, personId: foreign, content: { text: 'Ann Lee said no.' } });
      const [second] = (await exported()).filter(({ type }) => type === 'access');
      expect(second).to.include({ what: 'export', by });

      await query(
        `INSERT INTO personal_data (person_id, claim_id, kind, content)
         SELECT gen_random_uuid(), $1, 'contact', $2 FROM generate_series(1, 450)`,
        [claim.claimId, { name: 'Ann Lee', email: claim.customerEmail }],
      );
      const many = (await exported()).filter(({ type }) => type === 'contact');
      expect(new Set(many.map(({ personId }) => personId)).size).to.equal(451);
    });

    it('exports what the person read of usage, one item a request, known by the address or by the subject', async () => {
      const claim = await official();
      const { tenantId } = claim.details;
      const access = (subject: string, more: Partial<Access>): Access => ({
        accessId: uuidV7(),
        at: '2026-03-01T10:00:00.000Z',
        kind: 'read',
        subject,
        partnerAccountId: claim.partnerAccountId,
        partnerId: '1240371',
        tenantId,
        associationId: randomUUID(),
        claimId: claim.claimId,
        target: `workload:${tenantId}:exchange`,
        set: 'workload_usage',
        fromMonth: '2026-01-01',
        toMonth: '2026-02-01',
        rows: 3,
        ...more,
      });
      const [read, exported] = [uuidV7(), uuidV7()];
      const log = [
        access('pat@evergreen.example', { accessId: read }),
        access('pat@evergreen.example', { accessId: read, toMonth: '2026-03-01' }),
        access('subject-7', { accessId: exported, kind: 'export' }),
        access('subject-8', {}),
        ...Array.from({ length: 230 }, () => access('subject-7', {})),
      ];
      await database.source.transaction((manager) => recordAccesses(manager, log));
      const refusalId = uuidV7();
      await recordRefusal(database.source.manager, {
        refusalId,
        code: 'not_found',
        subject: 'subject-7',
        partnerAccountId: claim.partnerAccountId,
        associationId: randomUUID(),
        set: 'seats',
        fromMonth: null,
        toMonth: null,
      });
      const usageOf = async (subject?: string) => {
        const pieces: string[] = [];
        for await (const piece of exportContact(database.source, { email: ' Pat@evergreen.example', subject }, by)) pieces.push(piece);
        const { items } = JSON.parse(pieces.join('')) as { items: Record<string, unknown>[] };
        return items.filter(({ type }) => type === 'usage_access');
      };
      const own = {
        type: 'usage_access',
        accessId: read,
        at: '2026-03-01T10:00:00.000Z',
        kind: 'read',
        subject: 'pat@evergreen.example',
        partnerAccountId: claim.partnerAccountId,
        set: 'workload_usage',
        fromMonth: '2026-01-01',
        toMonth: '2026-03-01',
        associations: 2,
        rows: 6,
      };
      expect(await usageOf()).to.deep.equal([own]);
      const all = await usageOf('subject-7');
      expect([all.length, all[0]]).to.deep.equal([233, own]);
      expect(all[1]).to.include({ accessId: exported, kind: 'export', subject: 'subject-7' });
      expect(all.at(-1)).to.include({ accessId: refusalId, kind: 'refused', set: 'seats', associations: 0, rows: 0 });
      const handed = await query<{ exported_by: string }>("SELECT exported_by FROM contact_exports WHERE person_ids = '{}'");
      expect(handed).to.deep.equal([{ exported_by: by }, { exported_by: by }, { exported_by: by }]);
    });

    it('finds nothing under an address that is not known, and writes nothing of it down', async () => {
      const pieces: string[] = [];
      for await (const piece of exportContact(database.source, { email: 'nobody@nowhere.example' }, by)) pieces.push(piece);
      expect(JSON.parse(pieces.join('')))
        .to.have.property('items')
        .that.deep.equals([]);
      expect(await query('SELECT FROM contact_exports')).to.deep.equal([]);
      expect(counts(await erasePerson(database.source, { email: 'nobody@nowhere.example' }, { by }))).to.deep.equal([0, 0, 0]);
    });

    it('is looked for with an index', async () => {
      const plan = await asSuperuser<{ 'QUERY PLAN': string }>(
        database,
        `EXPLAIN SELECT person_id FROM personal_data
         WHERE kind IN ('contact', 'tenant_admin') AND lower(content ->> 'email') = 'a@b.example' AND person_id > gen_random_uuid()
         ORDER BY person_id LIMIT 200`,
      );
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).to.match(/Index.* using personal_data_by_address/);
    });
  });
});
