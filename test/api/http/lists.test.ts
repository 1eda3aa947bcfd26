import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { greatestPartner } from '../../bench/load-claims.js';
import { completeClaim, type Json, type TestApi } from '../../support/api.js';
import { blueHeron, ironbridge } from '../../support/sample-directory.js';
import { claimCount, errorsOf, LoadedApi } from './loaded-api.js';

describe('Over HTTP,', function () {
  this.timeout(60_000);
  let loaded: LoadedApi;

  before(async () => {
    loaded = await LoadedApi.start();
  });
  after(() => loaded?.close());

  describe('the list of claims', () => {
    it('shows a claim with its next deadline and a warning', async () => {
      const [claim] = await loaded.itemsOf('/v1/claims?phase=under_review&sort=nextDeadline&limit=1');
      expect(claim).to.include({ phase: 'under_review', status: 'Under review', isOpen: true });
      expect(claim!['nextDeadline']).to.include({ clock: 'review_decision', isBreached: true });
      expect(claim!['warnings']).to.deep.equal(['overdue']);
      expect(claim!['products']).to.be.an('array').that.is.not.empty;
    });

    it('warns of deadlines within two days and not of later ones', async () => {
      const items = await loaded.allItems('/v1/claims?isOpen=true&phase=action_required&limit=100');
      const hours = (item: Json) => (Date.parse(item['nextDeadline']['at'] as string) - Date.now()) / 3_600_000;
      const soon = items.filter((item) => hours(item) < 47.9);
      const later = items.filter((item) => hours(item) > 48.1);
      expect([soon.length > 0, later.length > 0]).to.deep.equal([true, true]);
      for (const item of soon) expect(item['warnings']).to.deep.equal(['due_soon']);
      for (const item of later) expect(item['warnings']).to.deep.equal([]);
    });

    it('matches any value of a repeated filter', async () => {
      const items = await loaded.allItems('/v1/claims?phase=disputed&phase=rejected&limit=50');
      expect(new Set(items.map((item) => item['phase'] as string))).to.deep.equal(new Set(['disputed', 'rejected']));
    });

    it('can be filtered by status label, and labels only official claims “Approved”', async () => {
      const official = await loaded.allItems('/v1/claims?status=Approved&limit=100');
      expect(new Set(official.map(({ phase, status }) => `${phase}: ${status}`))).to.deep.equal(new Set(['official: Approved']));
      const pending = await loaded.allItems(`/v1/claims?status=${encodeURIComponent('Approved, not official yet')}&limit=100`);
      expect(new Set(pending.map(({ phase }) => phase as string))).to.deep.equal(new Set(['consent_pending']));
      for (const { status } of pending)
        expect(status).to.match(/^Approved, (?:not official yet|waits for the customer until \d{4}-\d\d-\d\d \d\d:\d\d UTC)$/);
    });

    const refused: [query: string, field: string, code: string][] = [
      ['colour=red', 'colour', 'unknown_field'],
      ['sort=colour', 'sort', 'invalid_value'],
      ['phase=green', 'phase', 'invalid_value'],
      ['isOpen=yes', 'isOpen', 'invalid_value'],
      ['dueBefore=tomorrow', 'dueBefore', 'invalid_format'],
      ['limit=0', 'limit', 'too_small'],
      ['limit=101', 'limit', 'too_big'],
      ['tenantId=1', 'tenantId', 'invalid_format'],
      ['q=', 'q', 'too_small'],
      ['cursor=abc', 'cursor', 'cursor_invalid'],
      ['q=a%00b', 'q', 'custom'],
    ];
    for (const [query, field, code] of refused) {
      it(`refuses ${query} and names the parameter`, async () => {
        expect(errorsOf(await loaded.get(`/v1/claims?${query}`))).to.deep.equal([422, 'invalid_request', field, code]);
      });
    }

    it('refuses a cursor of another filter, order or list', async () => {
      const next = (await loaded.get('/v1/claims?phase=official&sort=name&limit=2')).body['next'] as string;
      for (const query of ['phase=official&sort=-name', 'phase=ended&sort=name', 'sort=name', 'phase=official&sort=name&q=teams']) {
        expect(errorsOf(await loaded.get(`/v1/claims?${query}&cursor=${next}`))).to.deep.equal([
          422,
          'invalid_request',
          'cursor',
          'cursor_mismatch',
        ]);
      }
      expect(errorsOf(await loaded.get(`/v1/associations?cursor=${next}`))).to.deep.equal([
        422,
        'invalid_request',
        'cursor',
        'cursor_mismatch',
      ]);
      expect((await loaded.get(`/v1/claims?limit=7&sort=name&phase=official&cursor=${next}`)).status).to.equal(200);
    });

    it('refuses a modified cursor', async () => {
      const next = (await loaded.get('/v1/claims?limit=2')).body['next'] as string;
      const place = JSON.parse(Buffer.from(next, 'base64url').toString()) as Json;
      const changed = (change: Json) => Buffer.from(JSON.stringify({ ...place, ...change })).toString('base64url');
      for (const change of [
        { value: '2026-99-99' },
        { value: "'; DROP TABLE claims; --" },
        { id: 'x' },
        { asOf: 'yesterday' },
        { more: 1 },
      ]) {
        expect(errorsOf(await loaded.get(`/v1/claims?limit=2&cursor=${changed(change)}`))).to.deep.equal([
          422,
          'invalid_request',
          'cursor',
          'cursor_invalid',
        ]);
      }
    });

    it('contains only a partner’s own claims, and a search finds no others', async () => {
      const own = await loaded.allItems('/v1/claims?limit=100', loaded.partner);
      expect(own.length).to.be.within(10, claimCount - 10);
      expect(new Set(own.map((item) => item['partnerAccountId'] as string))).to.deep.equal(new Set([greatestPartner.accountId]));
      const foreign = (await loaded.allItems('/v1/claims?limit=100')).find(
        (item) => item['partnerAccountId'] !== greatestPartner.accountId,
      )!;
      for (const q of [foreign['number'], foreign['claimId'], foreign['domain'], foreign['customerName']] as string[]) {
        const query = `/v1/claims?limit=100&q=${encodeURIComponent(q)}`;
        const found = (items: Json[]) => items.map((item) => item['claimId'] as string).includes(foreign['claimId'] as string);
        expect([q, found(await loaded.allItems(query)), found(await loaded.allItems(query, loaded.partner))]).to.deep.equal([
          q,
          true,
          false,
        ]);
      }
    });

    it('returns an `asOf` time from which to ask for changes made while paging', async () => {
      const first = await loaded.get('/v1/claims?sort=updatedAt&limit=5');
      const [moved] = first.body['items'] as Json[];
      await loaded.database.source.query('UPDATE claims SET updated_at = cpor_now(), name = $2 WHERE claim_id = $1', [
        moved!['claimId'],
        'Moved',
      ]);
      const second = await loaded.get(`/v1/claims?sort=updatedAt&limit=5&cursor=${first.body['next']}`);
      expect(second.body['asOf']).to.equal(first.body['asOf']);
      const changed = await loaded.itemsOf(`/v1/claims?updatedAfter=${first.body['asOf']}&q=moved`);
      expect(changed.map((item) => item['claimId'] as string)).to.deep.equal([moved!['claimId']]);
    });

    it('shows the name of the customer', async () => {
      const externalReference = randomUUID();
      const body = completeClaim({ tenantId: blueHeron.tenantId, domain: blueHeron.domain, externalReference });
      expect((await loaded.api.call('POST', '/v1/claims', { token: loaded.partner, body })).status).to.equal(201);
      const [claim] = await loaded.itemsOf(`/v1/claims?customer=blue&externalReference=${externalReference}`, loaded.partner);
      expect(claim).to.include({ customerName: 'Blue Heron Logistics', domain: blueHeron.domain });
    });
  });

  describe('the summary of claims', () => {
    it('has the same counts as the list, within the caller’s scope', async () => {
      for (const token of [loaded.vendor, loaded.partner]) {
        const { body } = await loaded.get('/v1/claims/summary', token);
        const listed = (await loaded.allItems('/v1/claims?limit=100', token)).filter((item) => item['createdAt'] <= body['countedAt']);
        const counted = Object.fromEntries((body['phases'] as Json[]).map(({ phase, claims: count }) => [phase, count]));
        for (const phase of Object.keys(counted)) {
          expect([phase, counted[phase]]).to.deep.equal([phase, listed.filter((item) => item['phase'] === phase).length]);
        }
        expect(body['claims']).to.equal(listed.length);
        const overdue = listed.filter((item) => item['nextDeadline'] !== null && item['nextDeadline']['at'] < body['countedAt']);
        expect(body['overdue']).to.equal(overdue.length);
      }
    });
  });

  describe('the review queue', () => {
    it('contains the claims that a reviewer can act on, most urgent first', async () => {
      const queue = await loaded.allItems('/v1/review-queue?limit=30', await loaded.api.token('reviewer'));
      const due = queue.map((item) => item['reviewDueAt'] as string);
      expect(due).to.deep.equal([...due].sort());
      const waiting = (await loaded.allItems('/v1/claims?isOpen=true&limit=100')).filter((item) =>
        ['submitted', 'under_review', 'disputed'].includes(item['phase'] as string),
      );
      expect(queue.map((item) => item['claimId'] as string)).to.have.members(waiting.map((item) => item['claimId'] as string));
      expect(queue.find((item) => item['phase'] === 'submitted')!['tasks']).to.have.length(1);
    });

    it('marks and filters claims whose target another partner claims or holds', async () => {
      const reviewer = await loaded.api.token('reviewer');
      const lines = await loaded.database.source.query<{ claimId: string; account: string; target: string; isOpen: boolean }[]>(
        `SELECT claim_id AS "claimId", partner_account_id AS account, target,
           l.phase IN ('submitted', 'under_review', 'action_required', 'disputed', 'consent_pending') AS "isOpen"
         FROM claim_lines l JOIN claims c USING (claim_id)`,
      );
      const held = await loaded.database.source.query<{ account: string; target: string }[]>(
        'SELECT partner_account_id AS account, target FROM associations WHERE ended_at IS NULL',
      );
      const claimed = lines.filter((line) => line.isOpen);
      const claimedOrHeld = [...claimed, ...held];
      const competing = new Set(
        claimed
          .filter((own) => claimedOrHeld.some(({ target, account }) => target === own.target && account !== own.account))
          .map(({ claimId }) => claimId),
      );
      const queue = await loaded.allItems('/v1/review-queue?limit=100', reviewer);
      const marked = (items: Json[]) => items.map((item) => [item['claimId'], item['isCompeting']]);
      expect(marked(queue)).to.deep.equal(queue.map((item) => [item['claimId'], competing.has(item['claimId'] as string)]));
      const contested = queue.filter((item) => item['isCompeting'] as boolean);
      const uncontested = queue.filter((item) => !item['isCompeting']);
      expect([contested.length > 0, uncontested.length > 0]).to.deep.equal([true, true]);
      expect(marked(await loaded.allItems('/v1/review-queue?limit=10&isCompeting=true', reviewer))).to.deep.equal(marked(contested));
      expect(marked(await loaded.allItems('/v1/review-queue?limit=10&isCompeting=false', reviewer))).to.deep.equal(marked(uncontested));
    });

    it('omits claims of partners the reviewer belongs to or acts for, and disputes of the reviewer’s own rejections', async () => {
      const seen = async (more: Parameters<TestApi['token']>[1]) =>
        loaded.allItems('/v1/review-queue?limit=100', await loaded.api.token('reviewer', more));
      const all = await seen({ subject: 'another reviewer' });
      const ofPartner = (item: Json) => item['partnerAccountId'] === greatestPartner.accountId;
      expect(all.filter(ofPartner)).to.not.be.empty;
      expect((await seen({ subject: 'rita', partner: greatestPartner.accountId })).filter(ofPartner)).to.deep.equal([]);
      expect((await seen({ subject: 'rita', actsFor: [greatestPartner.accountId] })).filter(ofPartner)).to.deep.equal([]);
      expect((await seen({ subject: `partner-${greatestPartner.accountId}` })).filter(ofPartner)).to.deep.equal([]);
      const disputed = all.find((item) => item['phase'] === 'disputed')!;
      const [{ subject }] = await loaded.database.source.query<[{ subject: string }]>(
        `SELECT state -> 'lines' -> 0 -> 'rejection' ->> 'by' AS subject FROM claims WHERE claim_id = $1`,
        [disputed['claimId']],
      );
      expect((await seen({ subject })).map((item) => item['claimId'] as string)).not.to.include(disputed['claimId']);
    });
  });

  describe('the list of associations', () => {
    it('is limited to the caller’s scope and can be filtered by state', async () => {
      const live = await loaded.allItems('/v1/associations?state=live&limit=100', loaded.partner);
      const ended = await loaded.allItems('/v1/associations?state=ended&limit=100', loaded.partner);
      const all = await loaded.allItems('/v1/associations?limit=100', loaded.partner);
      expect(
        live.every((item) => item['isLive'] && item['endedAt'] === null && item['partnerAccountId'] === greatestPartner.accountId),
      ).to.equal(true);
      expect(ended.every((item) => !item['isLive'])).to.equal(true);
      expect([live.length > 0, ended.length > 0, all.length]).to.deep.equal([true, true, live.length + ended.length]);
      const sorted = await loaded.allItems('/v1/associations?limit=100&sort=target');
      expect(sorted.length).to.be.greaterThan(all.length);
      expect(sorted.map((item) => item['target'] as string)).to.deep.equal(sorted.map((item) => item['target'] as string).sort());
      expect(sorted[0]!['target']).to.match(/^workload:/);
    });

    it('contains associations that other partners cannot read by id', async () => {
      const [association] = await loaded.itemsOf('/v1/associations?limit=1', loaded.partner);
      expect((await loaded.get(`/v1/associations/${association!['associationId']}`, loaded.partner)).body).to.deep.equal(association);
      const rival = await loaded.api.token('claim_admin', { partner: ironbridge.accountId });
      expect((await loaded.get(`/v1/associations/${association!['associationId']}`, rival)).body['code']).to.equal('not_found');
    });

    it('contains an association for its customer once the customer is notified, and for no other customer', async () => {
      const [association] = await loaded.itemsOf('/v1/associations?state=live&limit=1', loaded.partner);
      const { tenantId, claimId, associationId, line } = association as {
        tenantId: string;
        claimId: string;
        associationId: string;
        line: number;
      };
      const admin = await loaded.api.token('tenant_admin', { tenant: tenantId });
      const ownList = `/v1/tenants/${tenantId}/associations`;
      const ids = async (path: string) => (await loaded.itemsOf(path, admin)).map((item) => item['associationId'] as string);
      expect(await ids(ownList)).to.deep.equal([]);
      const noticeId = randomUUID();
      await loaded.database.source.query(
        `UPDATE claims SET state = jsonb_set(state, ARRAY['lines', $2, 'noticeId'], to_jsonb($3::text)) WHERE claim_id = $1`,
        [claimId, String(line - 1), noticeId],
      );
      const recipient = `INSERT INTO notice_recipients (recipient_id, notice_id, claim_id, kind, person_id, outcome) VALUES ($1, $2, $3, 'contact', $1, $4)`;
      await loaded.database.source.query(recipient, [randomUUID(), noticeId, claimId, 'failed']);
      expect(await ids(ownList)).to.deep.equal([]);
      await loaded.database.source.query(recipient, [randomUUID(), noticeId, claimId, 'accepted']);
      expect(await ids(ownList)).to.deep.equal([associationId]);
      expect(await ids('/v1/associations')).to.deep.equal([associationId]);
      expect((await loaded.get(`/v1/associations/${associationId}`, admin)).status).to.equal(200);
      const stranger = await loaded.api.token('tenant_admin', { tenant: blueHeron.tenantId });
      for (const token of [stranger, loaded.vendor, loaded.partner]) expect((await loaded.get(ownList, token)).status).to.equal(404);
      expect((await loaded.get(`/v1/associations/${associationId}`, stranger)).status).to.equal(404);
    });
  });
});
