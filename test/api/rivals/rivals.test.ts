import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { codeOf, type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { reviewer, type TestClaim } from '../../support/claims.js';
import { formTokenOf } from '../../support/customer.js';
import { evergreen, ironbridge } from '../../support/sample-directory.js';
import { brief, days, Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

describe('Rivals over HTTP', function () {
  this.timeout(120_000);
  let stage: Stage;
  let api: TestApi;
  let reviews: string;
  let partners: { evergreen: string; ironbridge: string };

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    reviews = await api.token('reviewer');
    partners = {
      evergreen: await api.token('claim_admin'),
      ironbridge: await api.token('claim_admin', { partner: ironbridge.accountId, locations: ['*'] }),
    };
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  const path = (claim: TestClaim, noun = '') => `/v1/claims/${claim.claimId}${noun}`;
  const get = async (claim: TestClaim, noun: string, token: string) => (await api.call('GET', path(claim, noun), { token })).body;
  async function post(claim: TestClaim, noun: string, body: Json, token = reviews): Promise<Reply> {
    const { version } = await claim.row();
    return api.call('POST', path(claim, `/${noun}`), { token, body, headers: { 'If-Match': `"${version}"` } });
  }

  /** Submits claims of two partners for the same target. */
  async function makeRivals(): Promise<{ first: TestClaim; second: TestClaim }> {
    const first = await stage.submitted();
    const tenant = { tenantId: first.details.tenantId, domain: first.details.domain! };
    return { first, second: await stage.submitted({ tenant, partner: ironbridge }) };
  }

  it('are compared for a reviewer, who must follow the order of decision', async () => {
    const { first, second } = await makeRivals();
    expect(codeOf(await post(first, 'decisions', { outcome: 'approve' }))).to.deep.equal([409, 'decision_record_required']);
    const { items } = await get(first, '/rivals', reviews);
    expect(items).to.have.length(1);
    expect((items[0].candidates as Json[]).map(({ claimId, legalName, isHolder }) => [claimId, legalName, isHolder])).to.deep.equal([
      [first.claimId, 'Evergreen Cloud Consulting, Inc.', false],
      [second.claimId, 'Ironbridge Systems LLC', false],
    ]);
    expect(items[0].order).to.deep.equal({ winner: first.claimId, step: 'earliest_submission' });
    expect([items[0].choice, items[0].decision]).to.deep.equal([null, null]);

    const wrong = { line: 1, winner: second.claimId, step: 'holder', comment: 'I like them.' };
    expect(codeOf(await post(first, 'rival-decisions', wrong))).to.deep.equal([409, 'decision_order']);
    const right = { line: 1, winner: first.claimId, step: 'earliest_submission', comment: 'Nothing else tells them apart.' };
    expect(codeOf(await api.call('POST', path(first, '/rival-decisions'), { token: reviews, body: right }))).to.deep.equal([
      428,
      'precondition_required',
    ]);
    const decided = await post(first, 'rival-decisions', right);
    expect(decided.status, decided.text).to.equal(200);
    expect([await first.phase(), await second.phase()]).to.deep.equal(['under_review', 'rejected']);
    expect((await get(second, '', partners.ironbridge))['lines'][0]).to.deep.include({
      rejection: { reason: 'lost_arbitration', isDisputable: true },
    });
    expect((await post(first, 'decisions', { outcome: 'approve' })).status).to.equal(200);
    expect(await first.phase()).to.equal('consent_pending');
  });

  it('see nothing of each other in their claims and histories', async () => {
    const { first, second } = await makeRivals();
    await post(first, 'choices', { line: 1, comment: `Asked about ${ironbridge.partnerId}.` });
    await waitFor('the question to be delivered', async () =>
      (await first.row()).state.choices[0]!.recipients.every(({ state }) => state === 'accepted'),
    );
    const reason = `Ironbridge (${second.number}) came later.`;
    await post(first, 'rival-decisions', { line: 1, winner: first.claimId, step: 'earliest_submission', comment: reason });
    const shown = {
      evergreen: [await get(first, '', partners.evergreen), await get(first, '/history?limit=100', partners.evergreen)],
      ironbridge: [await get(second, '', partners.ironbridge), await get(second, '/history?limit=100', partners.ironbridge)],
    };
    const foreign = {
      evergreen: [second.claimId, second.number, ironbridge.accountId, ironbridge.partnerId, 'Ironbridge'],
      ironbridge: [first.claimId, first.number, evergreen.accountId, evergreen.partnerId, 'Evergreen'],
    };
    for (const side of ['evergreen', 'ironbridge'] as const) {
      const text = JSON.stringify(shown[side]);
      for (const secret of foreign[side]) expect(text, `${side} sees ${secret}`).not.to.include(secret);
    }
    const [line] = shown.ironbridge[0]!['lines'] as Json[];
    expect(line!['competition']['decision']).to.include({ step: 'earliest_submission', isWinner: false });
    expect(line!['competition']['decision']['evidenceOn']).to.match(/^\d{4}-\d\d-\d\d$/);
    const types = (shown.ironbridge[1]!['items'] as Json[]).map(({ type }) => type);
    expect(types).to.include.members(['RivalsDecided', 'LinesRejected']);
    const vendor = JSON.stringify(await get(first, '/history?limit=100', reviews));
    expect(vendor).to.include(second.claimId).and.include(reason);
  });

  it('are hidden from a reviewer who acts or has acted for the other partner, in lists and by id', async () => {
    const { first, second } = await makeRivals();
    const note = { text: 'Between us.', visibility: 'internal' };
    for (const claim of [first, second]) expect((await post(claim, 'comments', note)).status).to.equal(200);
    const apart = await stage.submitted();
    const acts = { actsFor: [ironbridge.accountId], subject: 'acts for it' };
    const readers = [
      await api.token('reviewer', acts),
      await api.token('vendor_admin', acts),
      await api.token('vendor_support', acts),
      await api.token('reviewer', { subject: second.partner.subject }),
    ];
    const [evidence] = (await get(first, '/evidence', reviews)).items as Json[];
    for (const token of readers) {
      const seen = async (address: string) => (await api.call('GET', address, { token })).text;
      for (const noun of [
        '',
        '/history',
        '/evidence',
        `/evidence/${evidence!['evidenceId']}/content`,
        '/process',
        '/submissions',
        '/rivals',
      ]) {
        const { status } = await api.call('GET', path(first, noun), { token });
        expect(status, noun).to.be.oneOf([403, 404]);
      }
      expect((await api.call('GET', path(first), { token })).status).to.equal(404);
      const lists = [
        '/v1/claims?limit=100',
        '/v1/claims/export?format=json',
        `/v1/claims?q=${first.number}`,
        '/v1/review-queue?limit=100',
        '/v1/associations',
      ];
      for (const list of lists) expect(await seen(list), list).not.to.include(first.claimId);
      expect(await seen('/v1/claims?limit=100'))
        .to.include(second.claimId)
        .and.include(apart.claimId);
      expect(await seen(`/v1/targets/workload:${first.details.tenantId}:teams/history`)).not.to.include(first.claimId);
      const history = await seen(path(second, '/history?limit=100'));
      expect(history).to.include('ClaimSubmitted').and.not.include('Between us.');
    }
    for (const noun of ['comments', 'reviews', 'decisions'] as const) {
      const body = { comments: { text: 'A comment.' }, reviews: {}, decisions: { outcome: 'reject', reason: 'evidence_insufficient' } }[
        noun
      ];
      expect(codeOf(await post(first, noun, body, readers[0])), noun).to.deep.equal([404, 'not_found']);
    }
    const queue = await api.call('GET', '/v1/review-queue?limit=100', { token: readers[0]! });
    expect(queue.text).to.include(apart.claimId).and.not.include(second.claimId);
  });

  it('can be compared and decided neither by partners nor by a reviewer who acts for one of them', async () => {
    const { first, second } = await makeRivals();
    const decision = { line: 1, winner: first.claimId, step: 'earliest_submission', comment: 'Mine.' };
    const own = await api.token('reviewer', { actsFor: [ironbridge.accountId], subject: 'half partner' });
    expect(codeOf(await api.call('GET', path(second, '/rivals'), { token: own }))).to.deep.equal([403, 'self_review_forbidden']);
    expect(codeOf(await post(second, 'rival-decisions', decision, own))).to.deep.equal([403, 'self_review_forbidden']);
    for (const noun of ['rival-decisions', 'choices'] as const) {
      const body = noun === 'choices' ? { line: 1 } : decision;
      expect(codeOf(await post(first, noun, body, partners.evergreen)), noun).to.deep.equal([403, 'forbidden']);
    }
    expect(codeOf(await api.call('GET', path(first, '/rivals'), { token: partners.evergreen }))).to.deep.equal([403, 'forbidden']);
    expect([await first.phase(), await second.phase()]).to.deep.equal(['submitted', 'submitted']);
  });

  it('are an empty list if nobody competes', async () => {
    const claim = await stage.submitted();
    expect((await get(claim, '/rivals', reviews))['items']).to.deep.equal([]);
    expect(codeOf(await post(claim, 'choices', { line: 1 }))).to.deep.equal([409, 'no_rivals']);
    const decision = { line: 1, winner: claim.claimId, step: 'holder', comment: 'Alone.' };
    expect(codeOf(await post(claim, 'rival-decisions', decision))).to.deep.equal([409, 'no_rivals']);
    expect((await get(claim, '', partners.evergreen))['lines'][0].competition).to.equal(null);
  });

  it('cannot be decided before the holder’s hearing is over', async () => {
    const holder = await stage.notified({ programme: brief.name });
    await stage.until(holder, 'official');
    const tenant = { tenantId: holder.details.tenantId, domain: holder.details.domain! };
    const challenger = await stage.submitted({ programme: brief.name, tenant, partner: ironbridge });
    const [line] = (await get(holder, '', partners.evergreen))['lines'] as Json[];
    expect(line!['competition']).to.deep.include({ isCompeting: true, decision: null });
    expect(line!['competition']['hearing']).to.include({ isOver: false });
    expect((await get(challenger, '', partners.ironbridge))['lines'][0].competition).to.deep.equal({
      isCompeting: true,
      hearing: null,
      decision: null,
    });
    const keep = { line: 1, winner: holder.claimId, step: 'holder', comment: 'Equal evidence.' };
    expect(codeOf(await post(challenger, 'rival-decisions', keep))).to.deep.equal([409, 'holder_not_heard']);
    await stage.advance(days(12));
    await stage.engine.wake(holder);
    await waitFor('the hearing to close', async () => (await holder.eventTypes()).includes('HearingClosed'));
    const { items } = await get(challenger, '/rivals', reviews);
    expect((items[0].candidates as Json[]).find(({ isHolder }) => isHolder)).to.deep.include({
      claimId: holder.claimId,
      phase: 'official',
    });
    expect(items[0].order).to.deep.equal({ winner: holder.claimId, step: 'holder' });
    const decided = await post(challenger, 'rival-decisions', keep);
    expect(decided.status, decided.text).to.equal(200);
    expect([await holder.phase(), await challenger.phase()]).to.deep.equal(['official', 'rejected']);
  });

  describe('when the customer chooses between them', () => {
    async function askCustomer() {
      const pair = await makeRivals();
      const { first } = pair;
      const requested = await post(first, 'choices', { line: 1 });
      expect(requested.status, requested.text).to.equal(200);
      const choiceId = (await first.row()).state.choices[0]!.choiceId;
      let mail: (typeof stage.relay.received)[number] | undefined;
      await waitFor('the question by mail', async () => {
        mail = stage.relay.received.find(({ to }) => to === first.customerEmail);
        return mail !== undefined;
      });
      const { text = '', subject } = await simpleParser(mail!.source);
      const link = /https:\/\/cpor\.example(\/n\/\S+)/.exec(text)![1]!;
      return { ...pair, choiceId, link, text, subject };
    }

    it('are named in the mail and on the page, and the latest choice counts', async () => {
      const { first, second, link, text, subject, choiceId } = await askCustomer();
      expect(subject).to.match(/^Which partner do you want for Exchange/);
      expect(text).to.include('Evergreen Cloud Consulting, Inc.').and.include('Ironbridge Systems LLC');
      expect(text).not.to.include(first.number).and.not.include(second.number);
      const page = await api.call('GET', link);
      expect(page.status).to.equal(200);
      const send = (fields: Record<string, string>) =>
        api.call('POST', link, { key: null, body: new URLSearchParams({ formToken: formTokenOf(page.text), ...fields }) });
      expect((await send({})).status).to.equal(422);
      expect((await send({ candidate: 'somebody' })).status).to.equal(422);
      const chosen = async () => (await first.row()).state.choices[0]!.chosen?.claimId ?? null;
      // The customer may change the choice; each answer is recorded.
      for (const claim of [second, first, second]) {
        expect((await send({ candidate: claim.claimId, reason: 'We know them.' })).status).to.equal(303);
        await waitFor('the choice', async () => (await chosen()) === claim.claimId);
      }
      await send({ candidate: second.claimId });
      expect((await api.call('GET', link)).text).to.include('Your choice is recorded: Ironbridge Systems LLC');
      expect((await first.eventTypes()).filter((type) => type === 'CustomerChose')).to.have.length(3);

      const { items } = await get(first, '/rivals', reviews);
      expect(items[0].order).to.deep.equal({ winner: second.claimId, step: 'customer_choice' });
      await post(first, 'rival-decisions', { line: 1, winner: second.claimId, step: 'customer_choice', comment: 'As the customer says.' });
      expect([await first.phase(), await second.phase()]).to.deep.equal(['rejected', 'submitted']);
      expect((await send({ candidate: first.claimId })).status).to.equal(303);
      const closed = await api.call('GET', link);
      expect(closed.text).to.include('The decision has been made').and.not.include('<form');
      const late = await first.executeCommand('chooseRival', reviewer, { choiceId, claimId: first.claimId });
      expect(late).to.deep.include({ status: 'refused' });
    });

    it('are listed for the tenant’s administrator, who can answer there, and for no other', async () => {
      const { first, second, choiceId } = await askCustomer();
      const { tenantId } = first.details;
      const admin = await api.token('tenant_admin', { tenant: tenantId, subject: 'the admin' });
      const foreignAdmin = await api.token('tenant_admin', { subject: 'another admin' });
      const list = (token: string) => api.call('GET', `/v1/tenants/${tenantId}/choices`, { token });
      const [choice] = (await list(admin)).body['items'] as Json[];
      expect(choice).to.deep.include({ choiceId, claimId: first.claimId, isOpen: true, chosen: null });
      expect((choice!['candidates'] as Json[]).map(({ legalName }) => legalName)).to.deep.equal([
        'Evergreen Cloud Consulting, Inc.',
        'Ironbridge Systems LLC',
      ]);
      const choose = (claimId: string, token: string, id = choiceId) =>
        api.call('POST', path(first, `/choices/${id}/answers`), { token, body: { claimId } });
      expect(codeOf(await list(foreignAdmin))).to.deep.equal([404, 'not_found']);
      expect(codeOf(await choose(second.claimId, foreignAdmin))).to.deep.equal([404, 'not_found']);
      expect(codeOf(await choose(second.claimId, partners.evergreen))).to.deep.equal([403, 'forbidden']);
      expect(codeOf(await choose(choiceId, admin))).to.deep.equal([409, 'candidate_unknown']);
      expect(codeOf(await choose(second.claimId, admin, second.claimId))).to.deep.equal([409, 'choice_unknown']);
      expect((await choose(second.claimId, admin)).status).to.equal(200);
      expect((await list(admin)).body['items'][0]['chosen']['claimId']).to.equal(second.claimId);
    });
  });
});
