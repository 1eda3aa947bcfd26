import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { verifyChains } from '#libs/event-store/index.js';
import { ImportStore } from '#libs/imports/index.js';
import { type SentClaim } from '#libs/new-claims/index.js';
import { erasePerson, exportContact } from '#libs/retention/index.js';
import { customer } from '../../support/claims.js';
import { sentClaim } from '../../support/imports.js';
import { operator, retentionStage } from '../../support/retention-stage.js';

describe('the erasure of a person', () => {
  const stage = retentionStage();
  const { query, withdrawn, approved, deliver, people, heldOf, counts } = stage;

  it('keeps a recipient until the notice is delivered, reports when that is, and then erases the person in every claim regardless of case', async () => {
    const waiting = await approved();
    const closed = await withdrawn({ customerEmail: waiting.customerEmail.toUpperCase() });
    const { alarm_at } = await waiting.row();
    const contactId = waiting.details.contacts.customer!.personId;
    const first = await erasePerson(stage.source, { email: waiting.customerEmail }, { by: operator });
    expect(counts(first)).to.deep.equal([1, 1, 0]);
    expect(first.kept.filter(({ reason }) => reason === 'notice_pending')).to.deep.equal([
      { reason: 'notice_pending', claim: waiting.number, personIds: [contactId], possibleFrom: alarm_at?.toISOString() ?? null },
    ]);
    expect([await heldOf(waiting), await heldOf(closed)]).to.deep.equal([3, 2]);

    await deliver(waiting);
    const second = await erasePerson(stage.source, { email: ` ${waiting.customerEmail} ` }, { by: operator });
    expect([counts(second), second.keptByReason]).to.deep.equal([[1, 1, 0], { evidence_retained: 1 }]);
    expect((await people(waiting)).find(({ person_id }) => person_id === contactId)!.content).to.equal(null);
    expect(await heldOf(waiting)).to.equal(2);
    const responses = await query('SELECT response FROM notice_recipients WHERE person_id = $1', [contactId]);
    expect(responses).to.deep.equal([{ response: null }]);
    for await (const { broken } of verifyChains(stage.source.manager)) expect(broken).to.deep.equal([]);
  });

  it('erases a contact of the partner at once', async () => {
    const claim = await approved();
    const report = await erasePerson(stage.source, { email: 'pat@evergreen.example' }, { by: operator });
    expect([counts(report), report.keptByReason]).to.deep.equal([[1, 1, 0], { evidence_retained: 1 }]);
    expect(await heldOf(claim)).to.equal(2);
  });

  it('erases what the person wrote through a link, and reports texts by others that name the person', async () => {
    const claim = await approved();
    await deliver(claim);
    const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
    const recipient = recipients.find(({ kind }) => kind === 'contact')!;
    const [own, foreign, unrelated] = [randomUUID(), randomUUID(), randomUUID()];
    const text = (personId: string, words: string) => ({ personId, kind: 'text' as const, content: { text: words } });
    await claim.accept('optOut', customer, { noticeId, recipientId: recipient.recipientId, textId: own }, { personal: [text(own, 'No.')] });
    const comments = [text(foreign, 'I spoke with ANN LEE.'), text(unrelated, 'All is well.')];
    await claim.accept('addComment', claim.partner, { textId: foreign, visibility: 'shared' }, { personal: comments });
    await claim.execute();
    const report = await erasePerson(stage.source, { email: claim.customerEmail }, { by: operator });
    expect(counts(report)).to.deep.equal([1, 2, 0]);
    expect(report.kept).to.deep.equal([
      { reason: 'named_in_text', claim: claim.number, personIds: [foreign], possibleFrom: null },
      { reason: 'evidence_retained', claim: claim.number, personIds: [], possibleFrom: null },
    ]);
    expect(counts(await erasePerson(stage.source, { personId: foreign }, { by: operator }))).to.deep.equal([1, 1, 0]);
    const left = await query('SELECT person_id FROM personal_data WHERE person_id = ANY ($1) AND content IS NOT NULL', [
      [own, foreign, unrelated],
    ]);
    expect(left).to.deep.equal([{ person_id: unrelated }]);
  });

  it('erases, after exporting it, everything the person answered through a link or wrote when signed in', async () => {
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
    for await (const piece of exportContact(stage.source, person, operator)) pieces.push(piece);
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
    expect(counts(await erasePerson(stage.source, person, { by: operator, isDryRun: true }))).to.deep.equal([1, 4, 0]);
    await erasePerson(stage.source, person, { by: operator });
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

  it('reports pending import rows regardless of case, but no settled ones', async () => {
    const imports = new ImportStore(stage.source);
    const email = `ann.lee@${stage.tenants[0]!.domain}`;
    const rowTo = (to: string) => sentClaim(stage.tenants[0]!, { contacts: { customer: { name: 'Ann Lee', title: 'CIO', email: to } } });
    const content = rowTo(email);
    const importOf = async (...contents: SentClaim[]) => {
      const importId = await imports.begin({
        kind: 'create',
        partnerAccountId: 'evergreen',
        actor: { kind: 'partner', subject: 'importer', actsFor: [] },
      });
      await imports.addRows(
        importId,
        contents.map((sent, index) => ({ row: index + 1, content: sent })),
      );
      await imports.complete(importId, randomUUID(), '');
      return importId;
    };
    const waiting = await importOf(content, rowTo('bob@other.example'), rowTo(email.toUpperCase()), content);
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
    const report = await erasePerson(stage.source, { email }, { by: operator });
    expect(report.kept).to.deep.equal([item(waiting, [1, 3]), item(paused, [1])]);
    await imports.move(waiting, 'cancelled');
    await imports.move(paused, 'cancelled');
    expect((await erasePerson(stage.source, { email }, { by: operator })).kept).to.deep.equal([]);
  });

  it('erases the person in every claim when given the id of one contact', async () => {
    const claims = [await withdrawn({ customerEmail: 'ann@one.example' }), await withdrawn({ customerEmail: 'ann@one.example' })];
    const report = await erasePerson(stage.source, { personId: claims[0]!.details.contacts.customer!.personId }, { by: operator });
    expect(counts(report)).to.deep.equal([2, 2, 0]);
  });

  it('reports that the directory still lists an administrator, and is not undone by its next answer', async () => {
    const claim = await withdrawn();
    const email = `admin@${claim.details.domain}`;
    const report = await erasePerson(stage.source, { email }, { by: operator });
    expect(report.keptByReason).to.deep.equal({ evidence_retained: 1, listed_in_directory: 1 });
    await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' }, { withFacts: true });
    expect(await query(`SELECT content FROM personal_data WHERE claim_id = $1 AND kind = 'tenant_admin'`, [claim.claimId])).to.deep.equal([
      { content: null },
    ]);
  });

  it('finds nothing under an unknown address and does not record the request', async () => {
    const pieces: string[] = [];
    for await (const piece of exportContact(stage.source, { email: 'nobody@nowhere.example' }, operator)) pieces.push(piece);
    expect(JSON.parse(pieces.join('')))
      .to.have.property('items')
      .that.deep.equals([]);
    expect(await query('SELECT FROM contact_exports')).to.deep.equal([]);
    expect(counts(await erasePerson(stage.source, { email: 'nobody@nowhere.example' }, { by: operator }))).to.deep.equal([0, 0, 0]);
  });
});
