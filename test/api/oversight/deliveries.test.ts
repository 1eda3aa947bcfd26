import { expect } from 'chai';
import { samplePolicy } from '#libs/programmes/index.js';
import { codeOf, type Json, startTestApi, type TestApi } from '../../support/api.js';
import type { TestClaim } from '../../support/claims.js';
import { Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

describe('The deliveries that an operator sees', function () {
  this.timeout(120_000);
  let stage: Stage;
  let api: TestApi;
  let operator: string;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    operator = await api.token('operator');
  });
  afterEach(() => {
    stage.relay.answer = () => 'accept';
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  const read = async (query = ''): Promise<Json> => {
    const reply = await api.call('GET', `/v1/deliveries${query}`, { token: operator });
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };
  const of = async (claim: TestClaim, query = '?limit=100'): Promise<Json[]> =>
    ((await read(query))['items'] as Json[]).filter(({ claimId }) => claimId === claim.claimId);

  it('are there with their error while they are retried, and gone once they go through', async () => {
    stage.relay.answer = () => 451;
    const claim = await stage.approved();
    await waitFor('both mails to be retried', async () => (await of(claim)).length === 2);
    const shown = await of(claim, '?state=retrying&limit=100');
    for (const delivery of shown) {
      expect(delivery).to.deep.include({ number: claim.number, mail: 'consent', domain: claim.details.domain, state: 'retrying' });
      expect(delivery['error']).to.have.property('code', 'EENVELOPE');
      expect(delivery['error']['text']).to.match(/451 <address> refused by the test$/);
      expect(delivery['attempts']).to.be.at.least(1);
      expect(Date.parse(delivery['nextAttemptAt'] as string)).to.be.greaterThan(Date.parse(delivery['lastAttemptAt'] as string));
    }
    expect(JSON.stringify(shown))
      .to.not.match(/@|Ann Lee/)
      .and.not.include(claim.customerEmail.split('@')[0]!);
    stage.relay.answer = () => 'accept';
    await stage.untilWindow(claim);
    expect(await of(claim)).to.deep.equal([]);
  });

  it('leave the list when the claim is withdrawn and the notice no longer sent', async () => {
    stage.relay.answer = () => 451;
    const claim = await stage.approved();
    await waitFor('both mails to be retried', async () => (await of(claim)).length === 2);
    await claim.executeCommand('withdrawClaim', claim.partner, {});
    expect((await of(claim)).filter(({ mail }) => mail === 'consent')).to.deep.equal([]);
  });

  it('stay when they were given up, are found by state, and come page by page, the latest trouble first', async () => {
    stage.relay.answer = () => 550;
    const claims = [await stage.approved(), await stage.approved()];
    // The mails to the partner and to the vendor, about a notice that reached nobody, are refused too.
    for (const claim of claims) await waitFor('every mail to be refused', async () => (await of(claim)).length === 4);
    const all: Json[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page = await read(`?state=failed&limit=3${next === '' ? '' : `&cursor=${next}`}`);
      all.push(...(page['items'] as Json[]));
      next = page['next'] as string | null;
    }
    expect(new Set(all.map(({ deliveryId }) => deliveryId as string)).size)
      .to.equal(all.length)
      .and.equal(8);
    const times = all.map(({ since }) => Date.parse(since as string));
    expect(times).to.deep.equal(times.toSorted((a, b) => b - a));
    const [first] = claims;
    const ofFirst = all.filter(({ claimId }) => claimId === first!.claimId);
    expect(ofFirst.map(({ mail }) => mail as string).toSorted()).to.deep.equal(['consent', 'consent', 'notice_failure', 'notice_failure']);
    expect(new Set(ofFirst.map(({ domain }) => domain as string | undefined))).to.deep.equal(
      new Set([first!.details.domain, 'evergreen.example', samplePolicy.vendor.contactEmail.split('@')[1]]),
    );
    expect(ofFirst[0]).to.deep.include({ state: 'failed', nextAttemptAt: null });
    expect(ofFirst[0]!['error']).to.deep.equal({ code: '550', text: '550 <address> refused by the test' });
    expect((await read('?state=undeliverable'))['items']).to.deep.equal([]);
    expect(JSON.stringify(all)).to.not.include('@');
  });

  it('are for operators and vendor administrators only', async () => {
    for (const role of ['reviewer', 'claim_admin', 'vendor_support', 'tenant_admin'] as const) {
      const more = role === 'tenant_admin' ? { tenant: '0199f3a1-6a7e-4f2c-9d57-0c6f6f0f3b11' } : {};
      const reply = await api.call('GET', '/v1/deliveries', { token: await api.token(role, more) });
      expect(codeOf(reply), role).to.deep.equal([403, 'forbidden']);
    }
    expect((await api.call('GET', '/v1/deliveries', { token: await api.token('vendor_admin') })).status).to.equal(200);
    expect((await api.call('GET', '/v1/deliveries?state=lost', { token: operator })).status).to.equal(422);
  });
});
