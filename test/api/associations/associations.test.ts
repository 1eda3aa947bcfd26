import { expect } from 'chai';
import type { TestClaim } from '../../support/claims.js';
import { type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { blueHeron, evergreen, evergreenAustin, ironbridge } from '../../support/sample-directory.js';
import { brief, Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

describe('Associations over HTTP', function () {
  this.timeout(60_000);
  let stage: Stage;
  let api: TestApi;
  let admin: string;
  let vendor: string;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
    api = await startTestApi(stage);
    admin = await api.token('claim_admin');
    vendor = await api.token('vendor_admin');
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  async function official(products?: string[]): Promise<TestClaim> {
    const claim = await stage.notified({ programme: brief.name, ...(products && { products }) });
    await stage.until(claim, 'official');
    return claim;
  }

  const post = (claim: TestClaim, path: string, body: Json, token = admin): Promise<Reply> =>
    api.call('POST', `/v1/claims/${claim.claimId}/${path}`, { token, body });
  const read = async (claim: TestClaim, token = admin): Promise<Json> =>
    (await api.call('GET', `/v1/claims/${claim.claimId}`, { token })).body;
  const events = async (query: string, token = vendor): Promise<Reply> => api.call('GET', `/v1/events?${query}`, { token });
  const codeAndField = ({ status, body }: Reply) => [status, body['code'], (body['errors'] as Json[])[0]!['field']];

  it('are ended once and immediately when the partner gives a reason for a line', async () => {
    const claim = await official(['exchange', 'teams']);
    expect((await read(claim))['allowedActions']).to.include.members(['endAssociation', 'transferAssociation']);
    expect((await read(claim, await api.token('claim_user')))['allowedActions']).to.not.include('endAssociation');
    for (const body of [{}, { reason: ' ' }]) {
      expect(codeAndField(await post(claim, 'disassociations', body))).to.deep.equal([409, 'disassociation_reason_required', 'reason']);
    }
    const { status, body, text } = await post(claim, 'disassociations', { lines: [2], reason: 'The project is over.' });
    expect(status, text).to.equal(200);
    const [kept, given] = (body['lines'] as Json[]).map(({ association }) => association as Json);
    expect(kept).to.deep.include({
      endReason: null,
      to: null,
      partnerId: evergreen.partnerId,
      activities: ['usage'],
      isEligible: true,
      endsOn: null,
    });
    expect(given).to.deep.include({ endReason: 'partner_disassociated', earlier: [] });
    expect((await post(claim, 'disassociations', { lines: [2], reason: 'Again.' })).body['code']).to.equal('not_in_phase');
    expect((await post(claim, 'disassociations', { lines: [9], reason: 'Again.' })).body['code']).to.equal('line_unknown');
  });

  it('are revoked by the vendor, who must give a reason', async () => {
    const claim = await official();
    expect((await read(claim, vendor))['allowedActions']).to.include.members(['endAssociation', 'checkAssociation']);
    expect((await post(claim, 'revocations', {}, vendor)).body['code']).to.equal('disassociation_reason_required');
    const { body } = await post(claim, 'revocations', { reason: 'Against the terms.' }, vendor);
    expect(body).to.deep.include({ phase: 'ended', isOpen: false });
    expect((body['lines'] as Json[])[0]!['association']).to.deep.include({ endReason: 'vendor_revoked' });
  });

  it('are transferred to another enrolled location of the company by a user who covers both locations', async () => {
    const claim = await official();
    const transfer = (partnerId: string, token = admin) => post(claim, 'transfers', { partnerId, comment: 'They moved.' }, token);
    expect(codeAndField(await transfer('1240395'))).to.deep.equal([409, 'location_not_enrolled', 'partnerId']);
    expect(codeAndField(await transfer(ironbridge.partnerId))).to.deep.equal([409, 'not_own_location', 'partnerId']);
    expect(codeAndField(await transfer('12'))).to.deep.equal([409, 'partner_id_invalid', 'partnerId']);
    const narrow = await api.token('claim_admin', { locations: [evergreen.partnerId] });
    expect(codeAndField(await transfer(evergreenAustin.partnerId, narrow))).to.deep.equal([409, 'not_own_location', 'partnerId']);

    const before = ((await read(claim))['lines'] as Json[])[0]!['association'] as Json;
    const { status, body, text } = await transfer(evergreenAustin.partnerId);
    expect([status, body['partnerId']], text).to.deep.equal([200, evergreenAustin.partnerId]);
    const after = (body['lines'] as Json[])[0]!['association'] as Json;
    const { associationId, partnerId, from } = before;
    expect(after['earlier']).to.deep.equal([{ associationId, partnerId, from, to: after['from'] }]);
    expect(after).to.deep.include({ partnerId: evergreenAustin.partnerId, to: null });
    expect((await api.call('GET', `/v1/claims/${claim.claimId}`, { token: narrow })).status).to.equal(404);
  });

  it('are checked by an operator, who sees only that the check ran', async () => {
    const claim = await official();
    const { status, body } = await post(claim, 'association-checks', {}, await api.token('operator'));
    expect([status, body['status'], body['claimId']]).to.deep.equal([200, 'done', claim.claimId]);
    expect(body).to.not.have.any.keys('contacts', 'lines');
  });

  it('appear in the event feed, which can be read on from any event', async () => {
    const { next } = await endOfFeed();
    const claim = await official();
    await post(claim, 'disassociations', { reason: 'The project is over.' });
    const ofAssociations = 'types=association.official&types=association.ended';
    const since = `after=${next}&${ofAssociations}`;
    await waitFor('both events', async () => ((await events(since)).body['items'] as Json[]).length === 2);
    const all = (await events(since)).body;
    const [begun, ended] = all['items'] as [Json, Json];
    expect([begun['type'], ended['type'], ended['endReason']]).to.deep.equal([
      'association.official',
      'association.ended',
      'partner_disassociated',
    ]);
    const first = (await events(`${since}&limit=1`)).body;
    expect(first).to.deep.equal({ items: [begun], next: begun['cursor'], hasMore: true });
    const remaining = (await events(`after=${begun['cursor']}&${ofAssociations}`)).body;
    expect(remaining).to.deep.include({ items: [ended], hasMore: false });
    const changes = (await events(`after=${next}`)).body['items'] as Json[];
    expect(changes.map(({ type }) => type)).to.include.members(['claim.submitted', 'claim.approved', 'association.official']);
    expect((await events(`after=${remaining['next']}`)).body['items']).to.deep.equal([]);
    expect((await events(`after=${next}&types=association.ended&types=association.eligibility_changed`)).body['items']).to.deep.equal([
      ended,
    ]);
    expect((await events(since, admin)).body['items']).to.deep.equal([begun, ended]);
    const rival = await api.token('claim_admin', { partner: ironbridge.accountId });
    expect((await events(`after=${next}`, rival)).body['items']).to.deep.equal([]);
    expect(codeAndField(await events('after=nonsense'))).to.deep.equal([422, 'invalid_request', 'after']);
    expect((await events('types=association.begun')).status).to.equal(422);
    const cursor = (place: object) => `after=${Buffer.from(JSON.stringify(place)).toString('base64url')}`;
    const gone = await events(cursor({ place: '999999', index: 1, mark: '0123456789abcdef01234567' }));
    expect([gone.status, gone.body['code']]).to.deep.equal([410, 'events_set_back']);
  });

  async function endOfFeed(): Promise<{ next: string }> {
    let page = (await events('limit=1000')).body;
    while (page['hasMore']) page = (await events(`limit=1000&after=${page['next']}`)).body;
    return page as { next: string };
  }

  it('have a history that shows who held the target at any instant, and why', async () => {
    const claim = await official();
    const line = (await claim.row()).state.lines[0]!;
    const { target, from, associationId } = line.official!;
    await post(claim, 'revocations', { reason: 'Against the terms.' }, vendor);
    const { to } = (await claim.row()).state.lines[0]!.official!;
    const history = async (query = '', token = vendor): Promise<Json[]> => {
      const reply = await api.call('GET', `/v1/targets/${encodeURIComponent(target)}/history${query}`, { token });
      expect(reply.status, reply.text).to.equal(200);
      return reply.body['items'] as Json[];
    };
    const [interval] = await history();
    const { state } = await claim.row();
    const accepted = (await claim.events()).find(({ type }) => type === 'NoticeAccepted')!.data as Json;
    const { dueAt, day0, countedDays, zone, calendar, zoneData, isBeyondCoverage } = (accepted['clocks'] as Json[])[0]!['deadline'] as Json;
    expect(interval).to.deep.equal({
      associationId,
      partnerAccountId: evergreen.accountId,
      partnerId: evergreen.partnerId,
      activities: ['usage'],
      from,
      to,
      endReason: 'vendor_revoked',
      claimId: claim.claimId,
      claimNumber: claim.number,
      line: 1,
      because: {
        policy: 'brief@1',
        evidence: state.evidence.map(({ evidenceId, sha256, signedOn }) => ({ evidenceId, sha256, signedOn })),
        approval: { at: (await claim.events()).find(({ type }) => type === 'LinesApproved')!.at, rule: null },
        decision: null,
        consent: {
          noticeId: line.noticeId,
          acceptedAt: null,
          window: { dueAt, day0, countedDays, zone, calendar, zoneData, isBeyondCoverage },
        },
        transferredFrom: null,
        renews: null,
      },
    });
    const justBefore = (instant: string) => new Date(Date.parse(instant) - 1).toISOString();
    const at = async (instant: string) => (await history(`?at=${instant}`)).map((interval) => interval['associationId']);
    expect(await at(justBefore(from))).to.deep.equal([]);
    expect(await at(from)).to.deep.equal([associationId]);
    expect(await at(justBefore(to!))).to.deep.equal([associationId]);
    expect(await at(to!)).to.deep.equal([]);

    const ofTenant = (tenant: string) => api.token('tenant_admin', { tenant });
    expect(await history('', await ofTenant(claim.details.tenantId))).to.have.length(1);
    expect(await history('', await ofTenant(blueHeron.tenantId))).to.deep.equal([]);
    expect(await history('', admin)).to.have.length(1);
    expect(await history('', await api.token('claim_admin', { partner: ironbridge.accountId }))).to.deep.equal([]);
    expect(await history('', await api.token('claim_user', { locations: [evergreenAustin.partnerId] }))).to.deep.equal([]);
  });
});
