import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { verifyChains } from '#libs/event-store/index.js';
import { EvidenceStore } from '#libs/evidence/index.js';
import { ImportStore } from '#libs/imports/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { eraseDue, erasePerson, releaseHold } from '#libs/retention/index.js';
import { customer } from '../../support/claims.js';
import { sentClaim } from '../../support/imports.js';
import { operator, retentionStage } from '../../support/retention-stage.js';

describe('erasure after the end of retention', () => {
  const stage = retentionStage();
  const { query, setClock, setLocalClock, after, drafted, submitted, withdrawn, official, people, heldOf, files, counts, hold } = stage;

  it('erases the contents of evidence 24 months after the end of the claim and no earlier, and keeps their hashes', async () => {
    const claim = await withdrawn();
    const before = await files(claim);
    await setClock(await after(claim, '24 months', -60_000));
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([0, 0, 0]);
    expect(await files(claim)).to.deep.equal(before);
    await setClock(await after(claim, '24 months'));
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([1, 0, 1]);
    expect(await files(claim)).to.deep.equal([{ file_name: null, size: 0, size_bytes: before[0]!.size_bytes }]);
    expect(await heldOf(claim)).to.equal(3);
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([0, 0, 0]);
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
    it(`is due at the beginning of ${dueOn} for a claim that ended on ${ended}, after ${months} months`, async () => {
      const policy = { ...samplePolicy, name: 'short', retention: { eventYears: 9, evidenceMonths: months } };
      await query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('short', 1, '2025-01-01', $1)`, [policy]);
      await setLocalClock(`${ended}T12:00`);
      await withdrawn({ programme: 'short' });
      await setLocalClock(`${dueOn}T00:00`, -60_000);
      expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([0, 0, 0]);
      await setLocalClock(`${dueOn}T00:00`);
      expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([1, 0, 1]);
    });
  }

  it('erases the personal data of a refused command after 30 days, and that of no other command', async () => {
    const claim = await withdrawn();
    const file = {
      id: randomUUID(),
      claimId: claim.claimId,
      mediaType: 'application/pdf',
      fileName: 'late.pdf',
      content: Buffer.from('%'),
    };
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    await new EvidenceStore(stage.source).insert({ ...file, sha256, signedOn: null, uploadedBy: 'ann', scanResult: 'unscanned' });
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
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([0, 0, 0]);
    await setClock(new Date(settledAt.getTime() + thirtyDays));
    expect(counts(await eraseDue(stage.source, { by: operator, isDryRun: true }))).to.deep.equal([1, 1, 1]);
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([1, 1, 1]);
    expect(await heldOf(claim)).to.equal(heldBefore - 1);
    expect((await files(claim)).map(({ file_name }) => file_name)).to.have.members([null, 'ann-lee.pdf']);
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([0, 0, 0]);
  });

  it('erases everything about a claim whose creation was refused', async () => {
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
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([0, 0, 0]);
    await setClock(new Date(Date.now() + 31 * 86_400_000));
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([1, 1, 0]);
  });

  it('erases all personal data 7 years after the end, including links, mail server answers and fingerprints, without breaking a hash chain', async () => {
    const claim = await official();
    await claim.accept('optOut', customer, {});
    await claim.execute();
    await query(`UPDATE notice_recipients SET token_hash = sha256(recipient_id::text::bytea) WHERE claim_id = $1`, [claim.claimId]);
    await setClock(await after(claim, '7 years'));
    const report = await eraseDue(stage.source, { by: operator });
    expect(counts(report)).to.deep.equal([1, (await people(claim)).length, 1]);
    expect(await heldOf(claim)).to.equal(0);
    const links = await query('SELECT DISTINCT token_hash, response FROM notice_recipients WHERE claim_id = $1', [claim.claimId]);
    expect(links).to.deep.equal([{ token_hash: null, response: null }]);
    expect(await query('SELECT DISTINCT fingerprint FROM claim_commands WHERE claim_id = $1', [claim.claimId])).to.deep.equal([
      { fingerprint: '' },
    ]);
    for await (const { broken } of verifyChains(stage.source.manager)) expect(broken).to.deep.equal([]);
  });

  it('spares a claim that is open, holds a live association or has a pending command', async () => {
    const open = await submitted();
    const live = await official();
    const asked = await withdrawn();
    await asked.accept('addComment', asked.partner, { textId: randomUUID(), visibility: 'shared' });
    await setClock(await after(live, '20 years'));
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([0, 0, 0]);
    expect(await Promise.all([open, live, asked].map(heldOf))).to.deep.equal([3, 3, 3]);
  });

  it('counts from the end of the claim regardless of later comments, and from the last change of an abandoned draft', async () => {
    const claim = await withdrawn();
    const draft = await drafted();
    await setClock(await after(claim, '6 years'));
    await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' });
    await claim.execute();
    await setClock(await after(claim, '7 years', 60_000));
    await eraseDue(stage.source, { by: operator });
    expect([await heldOf(claim), await heldOf(draft)]).to.deep.equal([0, 0]);
  });

  it('follows the retention policy of the claim’s programme', async () => {
    const policy = { ...samplePolicy, name: 'short', retention: { eventYears: 1, evidenceMonths: 3 } };
    await query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('short', 1, '2025-01-01', $1)`, [policy]);
    const [short, usual] = [await withdrawn({ programme: 'short' }), await withdrawn()];
    await setClock(await after(usual, '3 months'));
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([1, 0, 1]);
    await setClock(await after(usual, '1 year'));
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([1, 3, 0]);
    expect([await heldOf(short), await heldOf(usual)]).to.deep.equal([0, 3]);
  });

  it('changes nothing in a dry run, but reports what it would erase', async () => {
    const claim = await withdrawn();
    await setClock(await after(claim, '8 years'));
    const dry = await eraseDue(stage.source, { by: operator, isDryRun: true });
    expect([dry.isDryRun, ...counts(dry), await heldOf(claim)]).to.deep.equal([true, 1, 3, 1, 3]);
    expect(await query('SELECT FROM erasures')).to.deep.equal([]);
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal(counts(dry));
  });

  it('skips and reports a claim under legal hold, and erases it after the release', async () => {
    const claim = await withdrawn();
    const placed = await hold(claim);
    const holdId = 'hold' in placed ? placed.hold.holdId : '';
    await setClock(await after(claim, '8 years'));
    const report = await eraseDue(stage.source, { by: operator });
    expect(counts(report)).to.deep.equal([0, 0, 0]);
    expect(report.kept).to.deep.equal([{ reason: 'legal_hold', claim: claim.number, personIds: [], possibleFrom: null }]);
    expect(counts(await erasePerson(stage.source, { email: claim.customerEmail }, { by: operator }))).to.deep.equal([0, 0, 0]);
    const ids = (await people(claim)).map(({ person_id }) => person_id);
    expect(await query('SELECT erase_personal_data($1)', [ids])).to.deep.equal([]);
    expect(await heldOf(claim)).to.equal(4);

    await releaseHold(stage.source, holdId, {
      requestId: randomUUID(),
      claimId: claim.claimId,
      reason: 'Settled',
      by: operator,
      fingerprint: 'f',
    });
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([1, 5, 1]);
  });

  it('continues after an interrupted run, and records each erased item once', async () => {
    const claims = [await withdrawn(), await withdrawn(), await withdrawn()];
    await setClock(await after(claims[2]!, '8 years'));
    const cut = eraseDue(stage.source, {
      by: operator,
      batchSize: 1,
      onProgress: () => {
        throw new Error('cut off');
      },
    });
    expect(await cut.catch((error: Error) => error.message)).to.equal('cut off');
    const left = await Promise.all(claims.map(heldOf));
    expect(left.sort()).to.deep.equal([0, 3, 3]);
    const rest = await eraseDue(stage.source, { by: 'vera', batchSize: 1 });
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

  it('leaves a locked claim to the next run', async () => {
    const claim = await withdrawn();
    await setClock(await after(claim, '8 years'));
    await stage.source.transaction(async (manager) => {
      await manager.query('SELECT FROM claims WHERE claim_id = $1 FOR UPDATE', [claim.claimId]);
      const report = await eraseDue(stage.source, { by: operator });
      expect([counts(report), report.keptByReason]).to.deep.equal([[0, 0, 0], { busy: 1 }]);
    });
    expect(counts(await eraseDue(stage.source, { by: operator }))).to.deep.equal([1, 3, 1]);
  });

  it('reports rows of an import that was paused and never resumed', async () => {
    const imports = new ImportStore(stage.source);
    const importId = await imports.begin({
      kind: 'create',
      partnerAccountId: 'evergreen',
      actor: { kind: 'partner', subject: 'importer', actsFor: [] },
    });
    await imports.addRows(importId, [{ row: 1, content: sentClaim(stage.tenants[0]!) }]);
    await imports.complete(importId, randomUUID(), '');
    await imports.move(importId, 'paused');
    const [made] = await query<{ at: Date }>('SELECT created_at AS at FROM claim_imports');
    await setClock(new Date(made!.at.getTime() + 86_400_000));
    expect((await eraseDue(stage.source, { by: operator })).kept).to.deep.equal([]);
    await query(`UPDATE sandbox_clock SET ahead = interval '24 months 1 day'`);
    expect((await eraseDue(stage.source, { by: operator })).kept).to.deep.equal([
      { reason: 'import_waiting', claim: null, personIds: [], possibleFrom: null, waiting: { importId, rows: [1] } },
    ]);
  });

  it('stores the report that it returns, without any email address', async () => {
    const claim = await withdrawn();
    const report = await erasePerson(stage.source, { email: claim.customerEmail }, { by: operator });
    const [stored] = await query<{ report: object; kind: string; requested_by: string }>(
      'SELECT report, kind, requested_by FROM erasure_reports WHERE report_id = $1',
      [report.reportId],
    );
    expect(report).to.deep.include(stored!.report).and.include({ kind: 'person', requestedBy: operator });
    expect([stored!.kind, stored!.requested_by]).to.deep.equal(['person', operator]);
    expect(JSON.stringify(report)).to.not.include('@');
  });

  it('lets the application erase, but not change, undo or hide an erasure', async () => {
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
});
