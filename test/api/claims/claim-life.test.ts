import { expect } from 'chai';
import { completeClaim, type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { blueHeron, northwind } from '../../support/sample-directory.js';
import { Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

describe('A claim over HTTP with Temporal and a worker', function () {
  this.timeout(60_000);
  let stage: Stage;
  let api: TestApi;
  let partner: string;
  let reviewer: string;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    partner = await api.token('claim_admin');
    reviewer = await api.token('reviewer');
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  const submitted = async (more: Json = {}): Promise<Reply> => {
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ submit: true, ...more }) });
    expect(made.status, made.text).to.equal(201);
    return made;
  };
  const decide = (claimId: string, etag: string, body: Json, token = reviewer) =>
    api.call('POST', `/v1/claims/${claimId}/decisions`, { token, body, headers: { 'If-Match': etag } });
  const read = async (claimId: string): Promise<Json> => (await api.call('GET', `/v1/claims/${claimId}`, { token: reviewer })).body;
  const untilPhase = (claimId: string, phase: string) => waitFor(`phase ${phase}`, async () => (await read(claimId))['phase'] === phase);

  it('finds the API ready', async () => {
    const { status, body } = await api.call('GET', '/readyz');
    expect([status, body['status']], JSON.stringify(body)).to.deep.equal([200, 'ok']);
  });

  it('is drafted and submitted in one call', async () => {
    const { body, headers } = await submitted();
    expect(body).to.include({ phase: 'submitted', version: 3, submissions: 1, isOpen: true });
    expect(headers.get('etag')).to.match(/^"3\./);
    expect((body['deadlines'] as Json[]).map(({ clock }) => clock)).to.deep.equal(['review_start', 'overall_decision']);
    expect((body['waiting'] as Json[])[0]).to.include({ for: 'review', mover: 'reviewer' });
  });

  it('passes an information request, its answer and the approval, and becomes official when the consent window closes', async () => {
    const made = await submitted({ lines: [{ product: 'sharepoint', activities: ['usage'] }] });
    const { claimId } = made.body as { claimId: string };
    const requested = await api.call('POST', `/v1/claims/${claimId}/information-requests`, {
      token: reviewer,
      body: { reasons: ['evidence_products_missing'], comment: 'Which sites?' },
    });
    expect([requested.status, requested.body['phase']], requested.text).to.deep.equal([200, 'action_required']);
    const empty = await api.call('POST', `/v1/claims/${claimId}/answers`, { token: partner, body: { comment: 'All of them.' } });
    expect([empty.status, empty.body['code']]).to.deep.equal([409, 'answer_required']);
    const comments = async () => {
      const { items } = (await api.call('GET', `/v1/claims/${claimId}/history?limit=100`, { token: reviewer })).body as { items: Json[] };
      return items.filter(({ type }) => type === 'CommentAdded').map(({ comment }) => comment as string);
    };
    expect([await comments(), (await read(claimId))['version']]).to.deep.equal([[], requested.body['version']]);
    const changes = { name: 'All sites' };
    const edited = await api.call('PATCH', `/v1/claims/${claimId}`, {
      token: partner,
      body: changes,
      headers: { 'If-Match': `"${empty.body['version']}"` },
    });
    expect(edited.status, edited.text).to.equal(200);
    const answered = await api.call('POST', `/v1/claims/${claimId}/answers`, { token: partner, body: { comment: 'See the name.' } });
    expect([answered.status, answered.body['phase']], answered.text).to.deep.equal([200, 'submitted']);
    expect(await comments()).to.deep.equal(['See the name.']);

    const stale = await decide(claimId, '"1"', { outcome: 'approve' });
    expect([stale.status, stale.body['code']]).to.deep.equal([412, 'version_conflict']);
    const approved = await decide(claimId, `"${(await read(claimId))['version']}"`, { outcome: 'approve' });
    expect([approved.status, approved.body['phase']], approved.text).to.deep.equal([200, 'consent_pending']);
    await waitFor('the window', async () => ((await read(claimId))['waiting'] as Json[]).some((wait) => wait['for'] === 'customer'));

    // A run that has just started has no position yet.
    await waitFor('the workflow to have read its claim', async () => {
      const { body: process } = await api.call('GET', `/v1/claims/${claimId}/process`, { token: reviewer });
      expect(process['workflow']).to.deep.include({ runStatus: 'RUNNING', retrying: [] });
      return process['workflow']['view']['position']?.['phase'] === 'consent_pending';
    });

    const operator = await api.token('operator');
    const moved = await api.call('POST', '/v1/sandbox/clock/advances', { token: operator, body: { by: 'P14D' } });
    expect(moved.status, moved.text).to.equal(200);
    expect(moved.body['movedClaims']).to.be.greaterThan(0);
    await untilPhase(claimId, 'official');
    const back = await api.call('POST', '/v1/sandbox/clock/advances', { token: operator, body: { to: '2020-01-01T00:00:00Z' } });
    expect([back.status, back.body['code']]).to.deep.equal([409, 'clock_backwards']);
    const farAhead = await api.call('POST', '/v1/sandbox/clock/advances', { token: operator, body: { to: '9999-12-31T23:59:59-12:00' } });
    expect([farAhead.status, farAhead.body['code']], farAhead.text).to.deep.equal([422, 'invalid_request']);

    const customer = await api.token('tenant_admin');
    const ended = await api.call('POST', `/v1/claims/${claimId}/opt-outs`, { token: customer, body: { reason: 'Not any more.' } });
    expect([ended.status, ended.body['status']], ended.text).to.deep.equal([200, 'done']);
    expect((await read(claimId))['phase']).to.equal('ended');
  });

  it('can be rejected, then disputed by the partner, and the dispute is decided by a second reviewer', async () => {
    const customer = { tenantId: blueHeron.tenantId, domain: blueHeron.domain };
    const contacts = {
      customer: { name: 'Alex', title: 'IT', email: `alex@${blueHeron.domain}` },
      partner: { name: 'Robin', email: 'claims@evergreen.example' },
    };
    const made = await submitted({ ...customer, contacts, lines: [{ product: 'intune', activities: ['usage'] }] });
    const { claimId } = made.body as { claimId: string };
    const own = await api.token('reviewer', { subject: 'double', actsFor: [made.body['partnerAccountId'] as string] });
    const conflicted = await decide(claimId, made.headers.get('etag')!, { outcome: 'approve' }, own);
    expect([conflicted.status, conflicted.body['code']]).to.deep.equal([403, 'self_review_forbidden']);
    const rejected = await decide(claimId, made.headers.get('etag')!, {
      outcome: 'reject',
      reason: 'evidence_insufficient',
      comment: 'Unsigned.',
    });
    expect([rejected.status, rejected.body['phase']], rejected.text).to.deep.equal([200, 'rejected']);
    const disputed = await api.call('POST', `/v1/claims/${claimId}/disputes`, {
      token: partner,
      body: { statement: 'It is signed on page 2.' },
    });
    expect([disputed.status, disputed.body['phase']], disputed.text).to.deep.equal([200, 'disputed']);
    const settle = (token: string) =>
      api.call('POST', `/v1/claims/${claimId}/dispute-decisions`, {
        token,
        body: { outcome: 'final' },
        headers: { 'If-Match': disputed.headers.get('etag')! },
      });
    const same = await settle(reviewer);
    expect([same.status, same.body['code']]).to.deep.equal([403, 'second_reviewer_required']);
    const final = await settle(await api.token('reviewer', { subject: 'second' }));
    expect([final.status, final.body['phase']], final.text).to.deep.equal([200, 'rejected_final']);
  });

  it('accepts only comments once it is closed', async () => {
    const made = await submitted({ lines: [{ product: 'exchange', activities: ['usage'] }] });
    const { claimId } = made.body as { claimId: string };
    const withdrawn = await api.call('POST', `/v1/claims/${claimId}/withdrawals`, { token: partner });
    expect(withdrawn.status, withdrawn.text).to.equal(200);
    expect(withdrawn.body).to.include({ phase: 'canceled', isOpen: false });
    const comment = await api.call('POST', `/v1/claims/${claimId}/comments`, { token: partner, body: { text: 'For the record.' } });
    expect(comment.status, comment.text).to.equal(200);
    const approved = await decide(claimId, comment.headers.get('etag')!, { outcome: 'approve' });
    expect([approved.status, approved.body['code']]).to.deep.equal([409, 'not_in_phase']);
    expect(approved.body).to.include({ phase: 'canceled' });
    expect(approved.body['allowedActions']).to.deep.equal(['addComment']);
  });

  it('records a bounced notice', async () => {
    const made = await submitted({ lines: [{ product: 'intune', activities: ['usage'] }], name: 'Bounce', tenantId: northwind.tenantId });
    const { claimId } = made.body as { claimId: string };
    await decide(claimId, made.headers.get('etag')!, { outcome: 'approve' });
    await waitFor('the window', async () => ((await read(claimId))['waiting'] as Json[]).some((wait) => wait['for'] === 'customer'));
    const [notice] = (await read(claimId))['notices'] as Json[];
    const [recipient] = notice!['recipients'] as Json[];
    const bounced = await api.call('POST', `/v1/notices/${notice!['noticeId']}/bounces`, {
      token: await api.token('operator'),
      body: { recipientId: recipient!['recipientId'] },
    });
    expect([bounced.status, bounced.body['status']], bounced.text).to.deep.equal([200, 'done']);
    const [after] = (await read(claimId))['notices'] as Json[];
    expect((after!['recipients'] as Json[])[0]).to.include({ state: 'bounced' });
  });

  it('refuses an information request that suggests dropping an unknown line', async () => {
    const contacts = {
      customer: { name: 'Alex', title: 'IT', email: `alex@${blueHeron.domain}` },
      partner: { name: 'Robin', email: 'claims@evergreen.example' },
    };
    const made = await submitted({ ...blueHeron, contacts });
    const { claimId } = made.body as { claimId: string };
    const refused = await api.call('POST', `/v1/claims/${claimId}/information-requests`, {
      token: reviewer,
      body: { reasons: ['evidence_products_missing'], suggestedDrops: [7] },
    });
    expect([refused.status, refused.body['code']]).to.deep.equal([409, 'line_unknown']);
    expect(refused.body['errors'][0]).to.include({ field: 'suggestedDrops', line: 7 });
    expect((await read(claimId))['phase']).to.equal('submitted');
  });
});
