import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { codeOf, type Json, respondAsync, startTestApi, type TestApi } from '../../support/api.js';
import { Stage } from '../../support/stage.js';

describe('Taking the next claim to review', function () {
  this.timeout(120_000);
  let stage: Stage;
  /** Two processes, as behind a load balancer. */
  let apis: TestApi[];
  let api: TestApi;
  let ada: string;

  before(async () => {
    stage = await Stage.open();
    apis = [await startTestApi(stage), await startTestApi(stage)];
    api = apis[0]!;
    ada = await reviewerNamed('ada');
  });
  after(async () => {
    for (const each of apis ?? []) await each.close();
    await stage?.close();
  });

  // Tokens are signed with the key of one process, so a reviewer belongs to it.
  const reviewerNamed = (subject: string, of = api) => of.token('reviewer', { subject });
  const take = (token: string, { key = randomUUID(), of = api, body = {} } = {}) =>
    of.call('POST', '/v1/review-queue/next', { token, key, body });
  const queue = async (query: string, token = ada): Promise<Json[]> =>
    (await api.call('GET', `/v1/review-queue?limit=100${query}`, { token })).body['items'] as Json[];

  it('answers with nothing while nothing waits', async () => {
    expect((await take(ada)).status).to.equal(204);
  });

  it('gives ten reviewers in two processes ten different claims', async () => {
    const claims = [];
    for (let number = 0; number < 10; number++) claims.push(await stage.submitted());
    const answers = await Promise.all(
      claims.map(async (_, number) => {
        const of = apis[number % 2]!;
        return take(await reviewerNamed(`reviewer ${number}`, of), { of });
      }),
    );
    for (const { status, text } of answers) expect(status, text).to.equal(200);
    expect(answers.map(({ body }) => body['claimId'] as string)).to.have.members(claims.map(({ claimId }) => claimId));
    expect(answers.map(({ body }) => body['phase'] as string)).to.deep.equal(claims.map(() => 'under_review'));
    expect((await take(ada)).status).to.equal(204);
  });

  it('takes the most urgent first, and again the same one under the same key', async () => {
    await stage.submitted();
    await stage.submitted();
    const [first, second] = (await queue('&isTaken=false')).map(({ claimId }) => claimId as string);
    const key = randomUUID();
    const taken = await take(ada, { key });
    expect(taken.body).to.deep.include({ claimId: first, reviewer: 'ada' });
    const again = await take(ada, { key });
    expect([again.status, again.body['claimId'], again.headers.get('idempotent-replayed')]).to.deep.equal([200, first, 'true']);
    expect((await take(ada)).body['claimId']).to.equal(second);
    expect(codeOf(await take(ada, { key, body: { isCompeting: true } }))).to.deep.equal([422, 'idempotency_conflict']);
  });

  it('shows in the queue who has taken a claim, and filters by it', async () => {
    const claim = await stage.submitted();
    const ids = async (query: string, token = ada) => (await queue(query, token)).map(({ claimId }) => claimId as string);
    expect(await ids('&isTaken=false')).to.deep.equal([claim.claimId]);
    expect(await ids('&isTaken=true')).not.to.include(claim.claimId);
    await take(ada);
    const mine = await queue('&isMine=true');
    expect(mine.map(({ reviewer }) => reviewer as string)).to.deep.equal(mine.map(() => 'ada'));
    expect(mine.map(({ claimId }) => claimId as string)).to.include(claim.claimId);
    expect(await ids('&isMine=false')).not.to.include(claim.claimId);
    expect(await ids('&isMine=true', await reviewerNamed('bert'))).to.deep.equal([]);
    const partner = await api.call('GET', `/v1/claims/${claim.claimId}`, { token: await api.token('claim_admin') });
    expect(partner.body['reviewer']).to.equal(null);
  });

  it('leaves out what the caller may not review, and other areas than asked for', async () => {
    const claim = await stage.submitted();
    const own = await api.token('reviewer', { subject: 'acts', actsFor: [(await claim.row()).state.partnerAccountId] });
    expect((await take(own)).status).to.equal(204);
    expect((await take(ada, { body: { area: ['nowhere'] } })).status).to.equal(204);
    expect((await take(ada)).body['claimId']).to.equal(claim.claimId);
  });

  it('passes over a claim that somebody is about to take while the workers are down', async () => {
    const claim = await stage.submitted();
    await stage.stopWorker();
    const headers = respondAsync;
    const accepted = await api.call('POST', '/v1/review-queue/next', { token: ada, headers, body: {} });
    expect([accepted.status, accepted.body['claimId']]).to.deep.equal([202, claim.claimId]);
    const other = await api.call('POST', '/v1/review-queue/next', { token: await reviewerNamed('bert'), headers, body: {} });
    expect(other.status).to.equal(204);
    await stage.startWorker();
    await stage.until(claim, 'under_review');
  });
});
