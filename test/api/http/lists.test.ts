import { randomUUID } from 'node:crypto';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { greatestPartner, loadClaims } from '../../bench/load-claims.js';
import { completeClaim, type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { asSuperuser, bringBack, createTestDatabase, takeDown, type TestDatabase } from '../../support/database.js';
import { blueHeron, ironbridge } from '../../support/sample-directory.js';
import { waitFor } from '../../support/wait.js';

const claims = 2_400;

describe('Lists by HTTP', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let api: TestApi;
  let vendor: string;
  let partner: string;

  before(async () => {
    database = await createTestDatabase();
    await loadClaims(database.ownerUrl, claims, () => undefined);
    api = await startTestApi({ database });
    vendor = await api.token('vendor_admin');
    partner = await api.token('claim_admin', { partner: greatestPartner.accountId });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const get = (path: string, token = vendor) => api.call('GET', path, { token });
  const itemsOf = async (path: string, token = vendor): Promise<Json[]> => {
    const reply = await get(path, token);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body['items'] as Json[];
  };
  const errorsOf = ({ status, body }: Reply) => [
    status,
    body['code'],
    (body['errors'] as Json[])[0]!['field'],
    (body['errors'] as Json[])[0]!['code'],
  ];

  async function every(path: string, token = vendor): Promise<Json[]> {
    const items: Json[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { status, body, text }: Reply = await get(next === '' ? path : `${path}&cursor=${next}`, token);
      expect(status, text).to.equal(200);
      items.push(...(body['items'] as Json[]));
      next = body['next'] as string | null;
    }
    return items;
  }

  describe('The list of claims', () => {
    it('shows a claim with its next deadline and a warning', async () => {
      const [claim] = await itemsOf('/v1/claims?phase=under_review&sort=nextDeadline&limit=1');
      expect(claim).to.include({ phase: 'under_review', status: 'Under review', isOpen: true });
      expect(claim!['nextDeadline']).to.include({ clock: 'K2', isBreached: true });
      expect(claim!['warnings']).to.deep.equal(['overdue']);
      expect(claim!['products']).to.be.an('array').that.is.not.empty;
    });

    it('warns of what is due within two days, and of nothing later', async () => {
      const items = await every('/v1/claims?isOpen=true&phase=action_required&limit=100');
      const hours = (item: Json) => (Date.parse(item['nextDeadline']['at'] as string) - Date.now()) / 3_600_000;
      const soon = items.filter((item) => hours(item) < 47.9);
      const later = items.filter((item) => hours(item) > 48.1);
      expect([soon.length > 0, later.length > 0]).to.deep.equal([true, true]);
      for (const item of soon) expect(item['warnings']).to.deep.equal(['due_soon']);
      for (const item of later) expect(item['warnings']).to.deep.equal([]);
    });

    it('takes a filter several times, and any of its values will do', async () => {
      const items = await every('/v1/claims?phase=disputed&phase=rejected&limit=50');
      expect(new Set(items.map((item) => item['phase'] as string))).to.deep.equal(new Set(['disputed', 'rejected']));
    });

    it('takes a label, and calls nothing approved alone that is not official', async () => {
      const official = await every('/v1/claims?status=Approved&limit=100');
      expect(new Set(official.map(({ phase, status }) => `${phase}: ${status}`))).to.deep.equal(new Set(['official: Approved']));
      const pending = await every(`/v1/claims?status=${encodeURIComponent('Approved, not official yet')}&limit=100`);
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
      it(`refuses ${query} by its name`, async () => {
        expect(errorsOf(await get(`/v1/claims?${query}`))).to.deep.equal([422, 'invalid_request', field, code]);
      });
    }

    it('refuses the cursor of another filter, sort or list', async () => {
      const next = (await get('/v1/claims?phase=official&sort=name&limit=2')).body['next'] as string;
      for (const query of ['phase=official&sort=-name', 'phase=ended&sort=name', 'sort=name', 'phase=official&sort=name&q=teams']) {
        expect(errorsOf(await get(`/v1/claims?${query}&cursor=${next}`))).to.deep.equal([
          422,
          'invalid_request',
          'cursor',
          'cursor_mismatch',
        ]);
      }
      expect(errorsOf(await get(`/v1/associations?cursor=${next}`))).to.deep.equal([422, 'invalid_request', 'cursor', 'cursor_mismatch']);
      expect((await get(`/v1/claims?limit=7&sort=name&phase=official&cursor=${next}`)).status).to.equal(200);
    });

    it('refuses a cursor that somebody changed', async () => {
      const next = (await get('/v1/claims?limit=2')).body['next'] as string;
      const place = JSON.parse(Buffer.from(next, 'base64url').toString()) as Json;
      const changed = (change: Json) => Buffer.from(JSON.stringify({ ...place, ...change })).toString('base64url');
      for (const change of [
        { value: '2026-99-99' },
        { value: "'; DROP TABLE claims; --" },
        { id: 'x' },
        { asOf: 'yesterday' },
        { more: 1 },
      ]) {
        expect(errorsOf(await get(`/v1/claims?limit=2&cursor=${changed(change)}`))).to.deep.equal([
          422,
          'invalid_request',
          'cursor',
          'cursor_invalid',
        ]);
      }
    });

    it('pages a partner through its own claims alone, and finds no others by their text', async () => {
      const own = await every('/v1/claims?limit=100', partner);
      expect(own.length).to.be.within(10, claims - 10);
      expect(new Set(own.map((item) => item['partnerAccountId'] as string))).to.deep.equal(new Set([greatestPartner.accountId]));
      const foreign = (await every('/v1/claims?limit=100')).find((item) => item['partnerAccountId'] !== greatestPartner.accountId)!;
      for (const q of [foreign['number'], foreign['claimId'], foreign['domain'], foreign['customerName']] as string[]) {
        const query = `/v1/claims?limit=100&q=${encodeURIComponent(q)}`;
        const found = (items: Json[]) => items.map((item) => item['claimId'] as string).includes(foreign['claimId'] as string);
        expect([q, found(await every(query)), found(await every(query, partner))]).to.deep.equal([q, true, false]);
      }
    });

    it('tells from when on to ask for what changed while one paged', async () => {
      const first = await get('/v1/claims?sort=updatedAt&limit=5');
      const [moved] = first.body['items'] as Json[];
      await database.source.query('UPDATE claims SET updated_at = cpor_now(), name = $2 WHERE claim_id = $1', [moved!['claimId'], 'Moved']);
      const second = await get(`/v1/claims?sort=updatedAt&limit=5&cursor=${first.body['next']}`);
      expect(second.body['asOf']).to.equal(first.body['asOf']);
      const changed = await itemsOf(`/v1/claims?updatedAfter=${first.body['asOf']}&q=moved`);
      expect(changed.map((item) => item['claimId'] as string)).to.deep.equal([moved!['claimId']]);
    });

    it('shows the name of the customer', async () => {
      const externalReference = randomUUID();
      const body = completeClaim({ tenantId: blueHeron.tenantId, domain: blueHeron.domain, externalReference });
      expect((await api.call('POST', '/v1/claims', { token: partner, body })).status).to.equal(201);
      const [claim] = await itemsOf(`/v1/claims?customer=blue&externalReference=${externalReference}`, partner);
      expect(claim).to.include({ customerName: 'Blue Heron Logistics', domain: blueHeron.domain });
    });
  });

  describe('The counts of claims', () => {
    it('add up to what the list finds, within the scope', async () => {
      for (const token of [vendor, partner]) {
        const { body } = await get('/v1/claims/summary', token);
        const listed = (await every('/v1/claims?limit=100', token)).filter((item) => item['createdAt'] <= body['countedAt']);
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

  describe('The review queue', () => {
    it('holds what a reviewer may act on, the least time left first', async () => {
      const queue = await every('/v1/review-queue?limit=30', await api.token('reviewer'));
      const due = queue.map((item) => item['reviewDueAt'] as string);
      expect(due).to.deep.equal([...due].sort());
      const waiting = (await every('/v1/claims?isOpen=true&limit=100')).filter((item) =>
        ['submitted', 'under_review', 'disputed'].includes(item['phase'] as string),
      );
      expect(queue.map((item) => item['claimId'] as string)).to.have.members(waiting.map((item) => item['claimId'] as string));
      expect(queue.find((item) => item['phase'] === 'submitted')!['tasks']).to.have.length(1);
    });

    it('marks claims whose target another partner wants or holds, and finds them', async () => {
      const reviewer = await api.token('reviewer');
      const lines = await database.source.query<{ claimId: string; account: string; target: string; isOpen: boolean }[]>(
        `SELECT claim_id AS "claimId", partner_account_id AS account, target,
           l.phase IN ('submitted', 'under_review', 'action_required', 'disputed', 'consent_pending') AS "isOpen"
         FROM claim_lines l JOIN claims c USING (claim_id)`,
      );
      const held = await database.source.query<{ account: string; target: string }[]>(
        'SELECT partner_account_id AS account, target FROM associations WHERE ended_at IS NULL',
      );
      const asked = lines.filter((line) => line.isOpen);
      const others = [...asked, ...held];
      const competing = new Set(
        asked.filter((own) => others.some((one) => one.target === own.target && one.account !== own.account)).map(({ claimId }) => claimId),
      );
      const queue = await every('/v1/review-queue?limit=100', reviewer);
      const marked = (items: Json[]) => items.map((item) => [item['claimId'], item['isCompeting']]);
      expect(marked(queue)).to.deep.equal(queue.map((item) => [item['claimId'], competing.has(item['claimId'] as string)]));
      const [found, rest] = [true, false].map((is) => queue.filter((item) => item['isCompeting'] === is));
      expect([found!.length > 0, rest!.length > 0]).to.deep.equal([true, true]);
      expect(marked(await every('/v1/review-queue?limit=10&isCompeting=true', reviewer))).to.deep.equal(marked(found!));
      expect(marked(await every('/v1/review-queue?limit=10&isCompeting=false', reviewer))).to.deep.equal(marked(rest!));
    });

    it('leaves out the own company, whom one works for, and the disputes of what one rejected', async () => {
      const seen = async (more: Parameters<TestApi['token']>[1]) => every('/v1/review-queue?limit=100', await api.token('reviewer', more));
      const all = await seen({ subject: 'nobody-special' });
      const ofPartner = (item: Json) => item['partnerAccountId'] === greatestPartner.accountId;
      expect(all.filter(ofPartner)).to.not.be.empty;
      expect((await seen({ subject: 'rita', partner: greatestPartner.accountId })).filter(ofPartner)).to.deep.equal([]);
      expect((await seen({ subject: 'rita', actsFor: [greatestPartner.accountId] })).filter(ofPartner)).to.deep.equal([]);
      expect((await seen({ subject: `partner-${greatestPartner.accountId}` })).filter(ofPartner)).to.deep.equal([]);
      const disputed = all.find((item) => item['phase'] === 'disputed')!;
      const [{ subject }] = await database.source.query<[{ subject: string }]>(
        `SELECT state -> 'lines' -> 0 -> 'rejection' ->> 'by' AS subject FROM claims WHERE claim_id = $1`,
        [disputed['claimId']],
      );
      expect((await seen({ subject })).map((item) => item['claimId'] as string)).not.to.include(disputed['claimId']);
    });
  });

  describe('Associations', () => {
    it('are listed within the scope, live or ended', async () => {
      const live = await every('/v1/associations?state=live&limit=100', partner);
      const ended = await every('/v1/associations?state=ended&limit=100', partner);
      const all = await every('/v1/associations?limit=100', partner);
      expect(
        live.every((item) => item['isLive'] && item['endedAt'] === null && item['partnerAccountId'] === greatestPartner.accountId),
      ).to.equal(true);
      expect(ended.every((item) => !item['isLive'])).to.equal(true);
      expect([live.length > 0, ended.length > 0, all.length]).to.deep.equal([true, true, live.length + ended.length]);
      const vendors = await every('/v1/associations?limit=100&sort=target');
      expect(vendors.length).to.be.greaterThan(all.length);
      expect(vendors.map((item) => item['target'] as string)).to.deep.equal(vendors.map((item) => item['target'] as string).sort());
      expect(vendors[0]!['target']).to.match(/^workload:/);
    });

    it('are read one by one, and are not there for others', async () => {
      const [one] = await itemsOf('/v1/associations?limit=1', partner);
      expect((await get(`/v1/associations/${one!['associationId']}`, partner)).body).to.deep.equal(one);
      const other = await api.token('claim_admin', { partner: ironbridge.accountId });
      expect((await get(`/v1/associations/${one!['associationId']}`, other)).body['code']).to.equal('not_found');
    });

    it('are shown to their customer once it was told, and to no other customer', async () => {
      const [one] = await itemsOf('/v1/associations?state=live&limit=1', partner);
      const { tenantId, claimId, associationId, line } = one as { tenantId: string; claimId: string; associationId: string; line: number };
      const admin = await api.token('tenant_admin', { tenant: tenantId });
      const mine = `/v1/tenants/${tenantId}/associations`;
      const ids = async (path: string) => (await itemsOf(path, admin)).map((item) => item['associationId'] as string);
      expect(await ids(mine)).to.deep.equal([]);
      const noticeId = randomUUID();
      await database.source.query(
        `UPDATE claims SET state = jsonb_set(state, ARRAY['lines', $2, 'noticeId'], to_jsonb($3::text)) WHERE claim_id = $1`,
        [claimId, String(line - 1), noticeId],
      );
      const recipient = `INSERT INTO notice_recipients (recipient_id, notice_id, claim_id, kind, person_id, outcome) VALUES ($1, $2, $3, 'contact', $1, $4)`;
      await database.source.query(recipient, [randomUUID(), noticeId, claimId, 'failed']);
      expect(await ids(mine)).to.deep.equal([]);
      await database.source.query(recipient, [randomUUID(), noticeId, claimId, 'accepted']);
      expect(await ids(mine)).to.deep.equal([associationId]);
      expect(await ids('/v1/associations')).to.deep.equal([associationId]);
      expect((await get(`/v1/associations/${associationId}`, admin)).status).to.equal(200);
      const stranger = await api.token('tenant_admin', { tenant: blueHeron.tenantId });
      for (const token of [stranger, vendor, partner]) expect((await get(mine, token)).status).to.equal(404);
      expect((await get(`/v1/associations/${associationId}`, stranger)).status).to.equal(404);
    });
  });

  describe('An export', () => {
    const bytes = async (path: string, token = vendor) => {
      const response = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      return { response, text: await response.text() };
    };
    /** Opens a file and reads nothing of it. */
    const startReading = (path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        httpGet(`${api.url}${path}`, { headers: { authorization: `Bearer ${vendor}` }, agent: false }, resolve).once('error', reject);
      });
    const openTransactions = async () =>
      (await asSuperuser(database, `SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'idle in transaction'`, [database.name]))
        .length;

    it('holds exactly what the list finds, in its order, in either form', async () => {
      for (const query of ['phase=official&sort=name', 'q=teams&isOpen=true&sort=-nextDeadline', 'product=intune&tag=quarter-2']) {
        const listed = await every(`/v1/claims?${query}&limit=100`);
        expect(listed).to.not.be.empty;
        const json = await bytes(`/v1/claims/export?${query}&format=json`);
        expect(JSON.parse(json.text)).to.deep.equal(listed);
        const csv = await bytes(`/v1/claims/export?${query}&format=csv`);
        const rows = parse<Record<string, string>>(csv.text, { columns: true, bom: true });
        expect(rows.map((row) => [row['claimId'], row['name'], row['nextDeadlineAt'], row['products']])).to.deep.equal(
          listed.map((item) => [item['claimId'], item['name'], item['nextDeadline']?.at ?? '', (item['products'] as string[]).join('; ')]),
        );
      }
    });

    it('comes as a file', async () => {
      const csv = await bytes('/v1/claims/export?format=csv&phase=disputed', partner);
      expect(csv.response.headers.get('content-type')).to.equal('text/csv; charset=utf-8; header=present');
      expect(csv.response.headers.get('content-disposition')).to.equal('attachment; filename="claims.csv"');
      const none = await bytes('/v1/claims/export?format=json&q=zzzz');
      expect([none.response.headers.get('content-disposition'), none.text]).to.deep.equal(['attachment; filename="claims.json"', '[]\n']);
    });

    it('keeps spreadsheets from running what partners typed', async () => {
      const reference = randomUUID();
      const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', 'a "quoted", name\nof two lines', 'plain'];
      const foreign = await api.token('claim_admin', { partner: ironbridge.accountId });
      for (const name of names) {
        const body = completeClaim({ partnerId: ironbridge.partnerId, externalReference: reference });
        const made = await api.call('POST', '/v1/claims', { token: foreign, body });
        await database.source.query('UPDATE claims SET name = $2 WHERE claim_id = $1', [made.body['claimId'], name]);
      }
      const { text: file } = await bytes(`/v1/claims/export?format=csv&externalReference=${reference}&sort=createdAt`, foreign);
      const rows = parse<Record<string, string>>(file, { columns: true, bom: true });
      expect(rows.map((row) => row['name'])).to.deep.equal([
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\t=1",
        "'\r=1",
        "'＝1+1",
        'a "quoted", name\nof two lines',
        'plain',
      ]);
    });

    it('refuses a form it does not know, and pages', async () => {
      expect(errorsOf(await get('/v1/claims/export'))).to.deep.equal([422, 'invalid_request', 'format', 'invalid_value']);
      expect(errorsOf(await get('/v1/claims/export?format=csv&limit=5'))).to.deep.equal([422, 'invalid_request', 'limit', 'unknown_field']);
    });

    it('is one picture, whatever is written while it is read', async () => {
      const response = await fetch(`${api.url}/v1/claims/export?format=json&sort=name`, { headers: { authorization: `Bearer ${vendor}` } });
      const reader = response.body!.getReader();
      const chunks = [(await reader.read()).value!];
      await database.source.query(`UPDATE claims SET name = 'Written meanwhile', updated_at = cpor_now()`);
      for (let part = await reader.read(); !part.done; part = await reader.read()) chunks.push(part.value);
      const read = JSON.parse(Buffer.concat(chunks).toString()) as Json[];
      expect(read.filter((item) => item['name'] === 'Written meanwhile')).to.deep.equal([]);
      expect(new Set(read.map((item) => item['claimId'] as string)).size).to.equal(read.length);
      expect(read.length).to.be.at.least(claims);
    });

    it('waits for a slow reader, takes only so many at once, and lets go when readers leave', async function () {
      this.timeout(60_000);
      await asSuperuser(database, `UPDATE claims SET tags = ARRAY[repeat('long ', 2000)]`);
      const open = await Promise.all(Array.from({ length: 4 }, () => startReading('/v1/claims/export?format=json')));
      expect(open.map(({ statusCode }) => statusCode)).to.deep.equal([200, 200, 200, 200]);
      await waitFor('the exports to wait for their readers', async () => (await openTransactions()) === 4);
      const fifth = await get('/v1/claims/export?format=json');
      expect([fifth.status, fifth.body['code'], fifth.headers.get('retry-after')]).to.deep.equal([429, 'too_many_requests', '10']);
      for (const response of open) response.destroy();
      await waitFor('the connections to be given back', async () => (await openTransactions()) === 0);
      expect((await bytes('/v1/claims/export?format=json&phase=disputed')).response.status).to.equal(200);
    });

    it('breaks off visibly when the database goes away', async function () {
      this.timeout(60_000);
      await asSuperuser(database, `UPDATE claims SET tags = ARRAY[repeat('long ', 2000)]`);
      const response = await startReading('/v1/claims/export?format=csv');
      await waitFor('the export to wait for its reader', async () => (await openTransactions()) === 1);
      await asSuperuser(
        database,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND state = 'idle in transaction'`,
        [database.name],
      );
      const failure = await text(response).then(
        () => 'a whole file',
        () => 'a broken one',
      );
      expect(failure).to.equal('a broken one');
    });

    it('is a problem, and no half file, when the database is away from the start', async () => {
      await takeDown(database);
      const refused = await get('/v1/claims/export?format=csv');
      await bringBack(database);
      expect([refused.status, refused.body['code']]).to.deep.equal([503, 'service_unavailable']);
      expect((await bytes('/v1/claims/export?format=csv&phase=disputed')).response.status).to.equal(200);
    });
  });
});
