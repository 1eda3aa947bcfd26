import { expect } from 'chai';
import { codeOf, type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { customer, secondReviewer, type TestClaim } from '../../support/claims.js';
import { evergreen, ironbridge } from '../../support/sample-directory.js';
import { Stage } from '../../support/stage.js';

describe('What a customer decides, over HTTP', function () {
  this.timeout(120_000);
  let stage: Stage;
  let api: TestApi;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  const tenantOf = ({ details: { tenantId, domain } }: TestClaim) => ({ tenantId, domain: domain! });
  const adminOf = ({ details: { tenantId } }: TestClaim) => api.token('tenant_admin', { tenant: tenantId, subject: 'amy' });
  const list = async (claim: TestClaim, what: string, query = ''): Promise<Json[]> =>
    (await api.call('GET', `/v1/tenants/${claim.details.tenantId}/${what}${query}`, { token: await adminOf(claim) })).body[
      'items'
    ] as Json[];
  const post = async (claim: TestClaim, noun: string, body: Json = {}): Promise<Reply> =>
    api.call('POST', `/v1/claims/${claim.claimId}/${noun}`, { token: await adminOf(claim), body });
  const block = async (claim: TestClaim, body: Json, token?: string): Promise<Reply> =>
    api.call('POST', `/v1/tenants/${claim.details.tenantId}/blocks`, { token: token ?? (await adminOf(claim)), body });

  describe('about what is pending', () => {
    it('is told by whom, for what, until when and where that is counted', async () => {
      const claim = await stage.notified({ products: ['exchange', 'teams'] });
      const [pending] = await list(claim, 'pending-claims', '?language=ru');
      const { closesAt, countedDays, vendor, evidence, requestedAt: _, ...rest } = pending!;
      expect(rest).to.deep.equal({
        claimId: claim.claimId,
        number: claim.number,
        legalName: 'Evergreen Cloud Consulting, Inc.',
        partnerId: evergreen.partnerId,
        partnerAccountId: evergreen.accountId,
        isPartnerBlocked: false,
        programme: 'sample',
        consent: 'opt_out',
        zone: 'America/New_York',
        window: { days: 5, unit: 'business_day' },
        isBeyondCoverage: false,
        lines: [
          { line: 1, product: 'Exchange', activities: ['usage'], renews: null, isAccepted: false },
          { line: 2, product: 'Teams', activities: ['usage'], renews: null, isAccepted: false },
        ],
      });
      expect(closesAt).to.equal((await claim.row()).state.notices[0]!.closesAt);
      expect(countedDays).to.have.length(5);
      expect(Object.keys(vendor as Json)).to.deep.equal(['name', 'contactEmail']);
      expect(evidence).to.deep.equal([]);
    });
  });

  describe('by blocking a partner without refusing a claim', () => {
    it('keeps what is official, settles what is open and bars new claims until the block is lifted', async () => {
      const official = await stage.notified();
      await post(official, 'acceptances');
      const pending = await stage.notified({ tenant: tenantOf(official), products: ['teams'] });
      const unknown = await stage.submitted({ tenant: tenantOf(official), products: ['sharepoint'] });
      const ofRival = await stage.notified({ tenant: tenantOf(official), products: ['intune'], partner: ironbridge });

      const done = await block(official, { partnerAccountId: evergreen.accountId, reason: 'We never heard of them.' });
      expect([done.status, done.body['type'], done.body['status']], done.text).to.deep.equal([200, 'blockPartner', 'done']);
      expect(await Promise.all([official, pending, unknown, ofRival].map((claim) => claim.phase()))).to.deep.equal([
        'official',
        'rejected_final',
        'rejected_final',
        'consent_pending',
      ]);
      expect((await list(official, 'blocks')).map(({ partnerAccountId }) => partnerAccountId as string)).to.deep.equal([
        evergreen.accountId,
      ]);
      const again = await stage.drafted({ tenant: tenantOf(official), products: ['teams'] });
      const partner = await api.token('claim_admin');
      const submit = () => api.call('POST', `/v1/claims/${again.claimId}/submissions`, { token: partner, body: {} });
      expect(codeOf(await submit())).to.deep.equal([409, 'partner_blocked']);

      const before = (await official.row()).version;
      expect((await block(official, { partnerAccountId: evergreen.accountId })).status).to.equal(200);
      expect((await official.row()).version).to.equal(before);

      const [listed] = await list(official, 'blocks');
      const path = `/v1/tenants/${official.details.tenantId}/blocks/${listed!['blockId']}`;
      expect((await api.call('DELETE', path, { token: await adminOf(official) })).status).to.equal(200);
      expect(await list(official, 'blocks')).to.deep.equal([]);
      expect((await submit()).status).to.equal(200);
      const answers = await list(official, 'answers');
      expect(answers.map(({ kind, reason }) => [kind, reason])).to.deep.equal([
        ['unblocked', null],
        ['blocked', 'We never heard of them.'],
        ['accepted', null],
      ]);
    });

    it('does not tell whether a partner has claims that the customer was not told of', async () => {
      const claim = await stage.submitted({ partner: ironbridge });
      for (const partnerAccountId of [ironbridge.accountId, evergreen.accountId, 'nobody']) {
        expect(codeOf(await block(claim, { partnerAccountId }))).to.deep.equal([404, 'not_found']);
      }
      const told = await stage.notified();
      const stranger = await api.token('tenant_admin', { tenant: claim.details.tenantId, subject: 'stranger' });
      expect(codeOf(await block(told, { partnerAccountId: evergreen.accountId }, stranger))).to.deep.equal([404, 'not_found']);
      const wrong = await block(told, {});
      expect([...codeOf(wrong), wrong.body['errors'][0]['pointer']]).to.deep.equal([422, 'invalid_request', '/partnerAccountId']);
      expect(await list(told, 'blocks')).to.deep.equal([]);
    });
  });

  describe('as a list of answers', () => {
    it('says who answered what and when, newest first and page by page', async () => {
      const claim = await stage.notified({ products: ['exchange', 'teams', 'sharepoint'] });
      const { recipients, noticeId } = (await claim.row()).state.notices[0]!;
      const byLink = { ...customer, subject: `recipient:${recipients[0]!.recipientId}` };
      const given = { noticeId, recipientId: recipients[0]!.recipientId, isTenantAdmin: false };
      await claim.executeCommand('acceptClaim', byLink, { lines: [1], ...given });
      await post(claim, 'opt-outs', { lines: [2], reason: 'Not this one.' });
      await post(claim, 'acceptances', { lines: [1] });
      const end = await post(claim, 'opt-outs', { lines: [1] });

      const all = await list(claim, 'answers');
      expect(
        all.map(({ kind, by, lines, reason }) => [kind, by, (lines as Json[]).map(({ product }) => product as string), reason]),
      ).to.deep.equal([
        ['ended', { via: 'portal', subject: 'amy', recipient: null }, ['Exchange'], null],
        ['accepted', { via: 'portal', subject: 'amy', recipient: null }, ['Exchange'], null],
        ['refused', { via: 'portal', subject: 'amy', recipient: null }, ['Teams'], 'Not this one.'],
        ['accepted', { via: 'link', subject: null, recipient: 'contact' }, ['Exchange'], null],
      ]);
      expect(all[0]).to.include({
        claimId: claim.claimId,
        number: claim.number,
        reference: end.body['operationId'],
        at: end.body['receivedAt'],
      });
      expect(all[0]!['partner']).to.deep.equal({ partnerId: evergreen.partnerId, legalName: 'Evergreen Cloud Consulting, Inc.' });

      const paged: Json[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const path = `/v1/tenants/${claim.details.tenantId}/answers?limit=1${next === '' ? '' : `&cursor=${next}`}`;
        const { body } = await api.call('GET', path, { token: await adminOf(claim) });
        paged.push(...(body['items'] as Json[]));
        next = body['next'] as string | null;
      }
      expect(paged).to.deep.equal(all);
    });

    it('names the partner that was chosen, and no end that somebody else brought about', async () => {
      const holder = await stage.notified({ products: ['teams'] });
      await post(holder, 'acceptances');
      const challenger = await stage.submitted({ tenant: tenantOf(holder), products: ['teams'], partner: ironbridge });
      await challenger.executeCommand('askCustomerToChoose', secondReviewer, { line: 1 });
      const [choice] = await list(holder, 'choices');
      expect(choice).to.include({ number: challenger.number, programme: 'sample', zone: 'America/New_York' });
      const path = `/v1/claims/${challenger.claimId}/choices/${choice!['choiceId']}/answers`;
      await api.call('POST', path, { token: await adminOf(holder), body: { claimId: holder.claimId } });
      await holder.executeCommand('endAssociation', holder.partner, { reason: 'partner_disassociated', textId: null });
      const answers = await list(holder, 'answers');
      expect(answers.map(({ kind, partner, lines }) => [kind, partner.partnerId, (lines as Json[]).length])).to.deep.equal([
        ['chose', evergreen.partnerId, 1],
        ['accepted', evergreen.partnerId, 1],
      ]);
    });

    it('shows another tenant nothing', async () => {
      const claim = await stage.notified();
      await post(claim, 'opt-outs');
      const stranger = await api.token('tenant_admin', { tenant: stage.newTenant().tenantId, subject: 'stranger' });
      const path = `/v1/tenants/${claim.details.tenantId}/answers`;
      expect(codeOf(await api.call('GET', path, { token: stranger }))).to.deep.equal([404, 'not_found']);
      expect(codeOf(await api.call('GET', path, { token: await api.token('claim_admin') }))).to.deep.equal([403, 'forbidden']);
    });
  });
});
