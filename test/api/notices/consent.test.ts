import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { codeOf, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { customer, reviewer, type TestClaim } from '../../support/claims.js';
import { evergreen, ironbridge } from '../../support/sample-directory.js';
import { Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

describe('The customer’s consent over HTTP', function () {
  this.timeout(120_000);
  let stage: Stage;
  let api: TestApi;
  let reviews: string;
  let partner: string;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    reviews = await api.token('reviewer');
    partner = await api.token('claim_admin');
  });
  afterEach(() => {
    stage.relay.answer = () => 'accept';
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  const adminOf = ({ details: { tenantId } }: TestClaim) =>
    api.token('tenant_admin', { tenant: tenantId, subject: `admin of ${tenantId}` });
  const stranger = () => api.token('tenant_admin', { tenant: '0199f3a1-6a7e-4f2c-9d57-0c6f6f0f3b11', subject: 'stranger' });
  const post = (claim: TestClaim, noun: string, token: string, body: Json = {}) =>
    api.call('POST', `/v1/claims/${claim.claimId}/${noun}`, { token, body });
  const read = async (claim: TestClaim, token = reviews): Promise<Json> =>
    (await api.call('GET', `/v1/claims/${claim.claimId}`, { token })).body;
  const deadline = async (claim: TestClaim, clock: string): Promise<string> =>
    ((await read(claim))['deadlines'] as Json[]).find((running) => running['clock'] === clock)?.['dueAt'] as string;

  describe('from a signed-in administrator', () => {
    it('closes the window early, and a later refusal ends the association', async () => {
      const claim = await stage.notified();
      const admin = await adminOf(claim);
      const accepted = await post(claim, 'acceptances', admin);
      expect([accepted.status, accepted.body['status']], accepted.text).to.deep.equal([200, 'done']);
      expect(await claim.phase()).to.equal('official');
      expect((await post(claim, 'opt-outs', admin)).status).to.equal(200);
      expect(await claim.phase()).to.equal('ended');
    });

    it('can cover selected lines only', async () => {
      const claim = await stage.notified({ products: ['exchange', 'teams'] });
      await post(claim, 'acceptances', await adminOf(claim), { lines: [2] });
      expect((await claim.row()).state.lines.map(({ phase }) => phase)).to.deep.equal(['consent_pending', 'official']);
    });

    it('is refused before the customer is notified and after the line is decided', async () => {
      const claim = await stage.submitted({ products: ['exchange', 'teams'] });
      const admin = await adminOf(claim);
      expect(codeOf(await post(claim, 'acceptances', admin))).to.deep.equal([404, 'not_found']);
      await claim.executeCommand('approveClaim', reviewer, { lines: [1] });
      expect(codeOf(await post(claim, 'acceptances', admin, { lines: [2] }))).to.deep.equal([409, 'customer_not_told']);
      await claim.executeCommand('rejectClaim', reviewer, { lines: [2], reason: 'evidence_insufficient' });
      expect(codeOf(await post(claim, 'acceptances', admin, { lines: [2] }))).to.deep.equal([409, 'nothing_to_accept']);
    });

    it('may arrive before the notice is delivered, and the receipt goes to every recipient of the notice', async () => {
      stage.relay.answer = () => 451;
      const claim = await stage.approved();
      const admin = await adminOf(claim);
      const waiting = await api.call('GET', `/v1/tenants/${claim.details.tenantId}/pending-claims`, { token: admin });
      expect((waiting.body['items'] as Json[]).map(({ claimId, closesAt }) => [claimId, closesAt])).to.deep.equal([[claim.claimId, null]]);
      expect((await post(claim, 'acceptances', admin)).status).to.equal(200);
      expect(await claim.phase()).to.equal('official');
      expect((await claim.row()).state.notices[0]!.recipients.map(({ state }) => state)).to.deep.equal(['pending', 'pending']);
      stage.relay.answer = () => 'accept';

      const mails = () => stage.relay.received.filter(({ source }) => source.includes(claim.number));
      await waitFor('the receipts', async () => mails().length === 2);
      expect(mails().map(({ to, messageId }) => [to, messageId.slice(0, 8)])).to.have.deep.members([
        [claim.customerEmail, '<letter-'],
        [`admin@${claim.details.domain}`, '<letter-'],
      ]);
      const { text = '' } = await simpleParser(mails().find(({ to }) => to === claim.customerEmail)!.source);
      expect(text).to.include('your organisation accepted the claim by Evergreen Cloud Consulting, Inc.');
      const page = await api.call('GET', /https:\/\/cpor\.example(\/n\/\S+)/.exec(text)![1]!, { key: null });
      expect([page.status, page.text.includes('End the association')]).to.deep.equal([200, true]);
    });

    it('cannot have a reason, which only a refusal can', async () => {
      const claim = await stage.notified();
      const refused = await post(claim, 'acceptances', await adminOf(claim), { reason: 'They are good.' });
      expect([refused.status, refused.body['code'], refused.body['errors']]).to.deep.equal([
        422,
        'invalid_request',
        [
          {
            field: 'reason',
            pointer: '/reason',
            code: 'reason_with_acceptance',
            message: 'A reason is allowed only with a refusal; omit it to accept',
          },
        ],
      ]);
      expect(await claim.phase()).to.equal('consent_pending');
    });

    it('cannot be given by administrators of other tenants, partners or reviewers', async () => {
      const claim = await stage.notified();
      expect(codeOf(await post(claim, 'acceptances', await stranger()))).to.deep.equal([404, 'not_found']);
      for (const token of [partner, reviews]) expect(codeOf(await post(claim, 'acceptances', token))).to.deep.equal([403, 'forbidden']);
      expect(await claim.phase()).to.equal('consent_pending');
    });
  });

  it('can be refused with a block, which bars the partner until it is lifted', async () => {
    const claim = await stage.notified();
    const admin = await adminOf(claim);
    const tenant = { tenantId: claim.details.tenantId, domain: claim.details.domain! };
    const path = `/v1/tenants/${tenant.tenantId}/blocks`;
    await post(claim, 'opt-outs', admin, { blockPartner: true, reason: 'Nobody knows them.' });
    const listed = await api.call('GET', path, { token: admin });
    const [block] = listed.body['items'] as Json[];
    expect(listed.body['items']).to.have.length(1);
    expect(block).to.include({ partnerAccountId: evergreen.accountId, legalName: 'Evergreen Cloud Consulting, Inc.' });

    const again = await stage.drafted({ tenant, products: ['teams'] });
    expect(codeOf(await post(again, 'submissions', partner))).to.deep.equal([409, 'partner_blocked']);
    const other = await stage.submitted({ tenant, products: ['teams'], partner: ironbridge });
    expect(await other.phase()).to.equal('submitted');

    const foreignAdmin = await stranger();
    expect(codeOf(await api.call('GET', path, { token: foreignAdmin }))).to.deep.equal([404, 'not_found']);
    expect(codeOf(await api.call('DELETE', `${path}/${block!['blockId']}`, { token: foreignAdmin }))).to.deep.equal([404, 'not_found']);
    expect(codeOf(await api.call('DELETE', `${path}/${block!['blockId']}`, { token: partner }))).to.deep.equal([403, 'forbidden']);

    expect((await api.call('DELETE', `${path}/${block!['blockId']}`, { token: admin })).status).to.equal(200);
    expect((await api.call('GET', path, { token: admin })).body['items']).to.deep.equal([]);
    expect(codeOf(await api.call('DELETE', `${path}/${block!['blockId']}`, { token: admin }))).to.deep.equal([404, 'not_found']);
    expect((await post(again, 'submissions', partner)).status).to.equal(200);
  });

  it('does not close the window when it is given through a link rather than by an administrator', async () => {
    const claim = await stage.notified();
    await claim.executeCommand('acceptClaim', customer, { isTenantAdmin: false });
    expect(await claim.phase()).to.equal('consent_pending');
    expect((await read(claim))['phase']).to.equal('consent_pending');
  });

  describe('when a reviewer extends a deadline', () => {
    it('waits longer for the partner, once, and shows the partner the reason', async () => {
      const claim = await stage.submitted();
      await post(claim, 'information-requests', reviews, { reasons: ['evidence_all_missing'] });
      const before = await deadline(claim, 'partner_answer');
      const sent = { clock: 'partner_answer', comment: 'The signatory is away.' };
      const extended = await post(claim, 'deadline-extensions', reviews, sent);
      expect(extended.status, extended.text).to.equal(200);
      expect((await deadline(claim, 'partner_answer')) > before).to.equal(true);
      expect(codeOf(await post(claim, 'deadline-extensions', reviews, sent))).to.deep.equal([409, 'already_extended']);
      const { body } = await api.call('GET', `/v1/claims/${claim.claimId}/history`, { token: partner });
      const extension = (body['items'] as Json[]).find(({ type }) => type === 'DeadlineExtended');
      expect(extension).to.deep.include({ title: 'The partner was given more time to answer', comment: 'The signatory is away.' });
      expect(extension!['by']).to.deep.equal({ kind: 'reviewer', subject: null });
    });

    it('waits longer for the customer', async () => {
      const claim = await stage.notified();
      const before = await deadline(claim, 'customer_window');
      await post(claim, 'deadline-extensions', reviews, { clock: 'customer_window', comment: 'Holidays.' });
      const after = await deadline(claim, 'customer_window');
      expect(after > before).to.equal(true);
      expect((await read(claim))['notices'][0]['closesAt']).to.equal(after);
    });

    it('needs a reason, a running clock and a reviewer who does not act for the partner', async () => {
      const claim = await stage.submitted();
      expect(codeOf(await post(claim, 'deadline-extensions', reviews, { clock: 'partner_answer', comment: ' ' }))).to.deep.equal([
        422,
        'invalid_request',
      ]);
      expect(codeOf(await post(claim, 'deadline-extensions', reviews, { clock: 'customer_window', comment: 'Why.' }))).to.deep.equal([
        409,
        'clock_not_running',
      ]);
      expect(codeOf(await post(claim, 'deadline-extensions', partner, { clock: 'partner_answer', comment: 'Please.' }))).to.deep.equal([
        403,
        'forbidden',
      ]);
      const own = await api.token('reviewer', { actsFor: [evergreen.accountId], subject: 'own reviewer' });
      expect(codeOf(await post(claim, 'deadline-extensions', own, { clock: 'partner_answer', comment: 'Mine.' }))).to.deep.equal([
        403,
        'self_review_forbidden',
      ]);
    });
  });

  it('can be requested again if the notice reached no recipient', async () => {
    const delivered = await stage.notified();
    expect(codeOf(await post(delivered, 'notices', reviews))).to.deep.equal([409, 'notice_not_failed']);
    stage.relay.answer = () => 550;
    const claim = await stage.approved();
    await waitFor('the notice to fail', async () =>
      (await claim.row()).state.notices.every(({ recipients }) => recipients.every(({ state }) => state === 'failed')),
    );
    expect((await read(claim))['allowedActions']).to.include('resendNotice');
    stage.relay.answer = () => 'accept';
    expect((await post(claim, 'notices', partner)).status).to.equal(200);
    await stage.untilWindow(claim);
    expect((await read(claim))['notices']).to.have.length(2);
    const foreign = await api.token('claim_admin', { partner: ironbridge.accountId });
    expect(codeOf(await post(claim, 'notices', foreign))).to.deep.equal([404, 'not_found']);
  });
});
