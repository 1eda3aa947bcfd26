import { expect } from 'chai';
import { type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { reviewer } from '../../support/claims.js';
import { ironbridge } from '../../support/sample-directory.js';
import { days, Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

describe('The report of breached deadlines', function () {
  this.timeout(60_000);
  let stage: Stage;
  let api: TestApi;
  let reviews: string;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    reviews = await api.token('reviewer');
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  it('shows reviews as settled once a rival decision has rejected the claim', async () => {
    const loser = await stage.submitted();
    const { tenantId, domain } = loser.details;
    const winner = await stage.submitted({ partner: ironbridge, tenant: { tenantId, domain: domain! } });
    await stage.advance(days(20));
    await waitFor('two breaches', async () => (await loser.eventTypes()).filter((type) => type === 'DeadlineBreached').length === 2);
    const disregardedEvidence = (await loser.row()).state.evidence.map(({ evidenceId }) => evidenceId);
    const body = { line: 1, winner: winner.claimId, step: 'newest_evidence' as const, disregardedEvidence };
    expect(await winner.executeCommand('decideRivals', reviewer, body)).to.have.property('status', 'done');
    const { body: report } = await api.call('GET', '/v1/reports/breaches?limit=100', { token: reviews });
    const ours = (report['items'] as Json[]).filter(({ claimId }) => claimId === loser.claimId);
    expect(ours.map(({ clock, settledAt }) => [clock, settledAt === null]).sort()).to.deep.equal([
      ['overall_decision', false],
      ['review_start', false],
    ]);
  });

  it('lists overdue reviews page by page', async () => {
    const claims = [await stage.submitted(), await stage.submitted()];
    await stage.advance(days(20));
    for (const claim of claims)
      await waitFor('two breaches', async () => (await claim.eventTypes()).filter((type) => type === 'DeadlineBreached').length === 2);
    await claims[0]!.executeCommand('rejectClaim', reviewer, { reason: 'evidence_insufficient' });
    const list = (query = '') => api.call('GET', `/v1/reports/breaches${query}`, { token: reviews });
    const ours = ({ body }: Reply) => (body['items'] as Json[]).filter(({ claimId }) => claims.some((claim) => claim.claimId === claimId));
    const all = ours(await list('?limit=100'));
    expect(all.map(({ clock }) => clock).sort()).to.deep.equal(['overall_decision', 'overall_decision', 'review_start', 'review_start']);
    const summary = (breach: Json) => [
      breach['claimId'] === claims[0]!.claimId,
      breach['settledAt'] !== null,
      breach['lateBySeconds'] > 86_400,
    ];
    expect(all.map(summary).sort()).to.deep.equal([
      [false, false, true],
      [false, false, true],
      [true, true, true],
      [true, true, true],
    ]);
    const first = await list('?clock=review_start&limit=1');
    const second = await list(`?clock=review_start&limit=1&cursor=${first.body['next']}`);
    expect([...first.body['items'], ...second.body['items']].map(({ clock }: Json) => clock)).to.deep.equal([
      'review_start',
      'review_start',
    ]);
    expect(first.body['items'][0]['claimId']).not.to.equal(second.body['items'][0]['claimId']);
    const [{ dueAt }] = all as [Json];
    expect(ours(await list(`?to=${dueAt}`)).some((breach) => breach['dueAt'] >= dueAt)).to.equal(false);
    expect(ours(await list(`?from=${new Date(Date.parse(dueAt) + 1).toISOString()}`)).some((breach) => breach['dueAt'] <= dueAt)).to.equal(
      false,
    );
  });
});
