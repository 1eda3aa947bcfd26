import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { executeCommands } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { hashToken } from '#libs/notices/index.js';
import { eraseDue, erasePerson } from '#libs/retention/index.js';
import { completeClaim, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { northwind } from '../../support/sample-directory.js';

const by = 'olga';
const email = `alex.carter@${northwind.domain}`;

describe('Personal data over HTTP', () => {
  let database: TestDatabase;
  let api: TestApi;
  let admin: string;
  let partner: string;

  beforeEach(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    admin = await api.token('vendor_admin');
    partner = await api.token('claim_admin');
  });
  afterEach(async () => {
    await api?.close();
    await database?.close();
  });

  async function draft(more: Record<string, unknown> = {}): Promise<Record<string, any>> {
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(more) });
    expect(made.status, made.text).to.equal(201);
    return made.body;
  }

  const advance = (interval: string) => database.source.query('INSERT INTO sandbox_clock (ahead) VALUES ($1)', [interval]);

  /** Makes a claim and erases it after its retention period. */
  async function erased(): Promise<Record<string, any>> {
    const claim = await draft();
    const comment = await api.call('POST', `/v1/claims/${claim['claimId']}/comments`, { token: partner, body: { text: 'Call me.' } });
    expect(comment.status).to.equal(200);
    const read = await api.call('GET', `/v1/claims/${claim['claimId']}`, { token: partner });
    const discarded = await api.call('DELETE', `/v1/claims/${claim['claimId']}`, {
      token: partner,
      headers: { 'If-Match': read.headers.get('etag')! },
    });
    expect(discarded.status, discarded.text).to.equal(200);
    await advance('8 years');
    expect(await eraseDue(database.source, { by })).to.include({ claims: 1, evidenceFiles: 1 });
    return claim;
  }

  describe('in the export of a contact', () => {
    it('is everything held about an address, sent with no-store', async () => {
      const { number } = await draft();
      const reply = await api.call('POST', '/v1/contact-exports', { token: admin, body: { email } });
      expect([reply.status, reply.headers.get('cache-control')]).to.deep.equal([200, 'no-store']);
      expect((reply.body['items'] as { type: string }[]).map(({ type }) => type)).to.deep.equal(['contact', 'evidence']);
      expect(reply.body['items'][0]).to.include({ type: 'contact', claimNumber: number, role: 'customer', email, name: 'Alex Carter' });
    });

    it('includes the usage reads of the given subject', async () => {
      const viewer = await api.token('usage_viewer', { subject: 'subject-7' });
      const read = await api.call('GET', `/v1/associations/${randomUUID()}/usage?set=seats`, { token: viewer });
      expect(read.status).to.equal(404);
      const body = { email: 'nobody@nowhere.example', subject: 'subject-7' };
      const { body: held } = await api.call('POST', '/v1/contact-exports', { token: admin, body });
      expect(held['items']).to.have.length(1);
      expect(held['items'][0]).to.include({ type: 'usage_access', kind: 'refused', subject: 'subject-7', set: 'seats' });
    });

    it('is empty for an unknown address, and an invalid address is refused', async () => {
      const unknown = await api.call('POST', '/v1/contact-exports', { token: admin, body: { email: 'nobody@nowhere.example' } });
      expect([unknown.status, unknown.body['items']]).to.deep.equal([200, []]);
      expect((await api.call('POST', '/v1/contact-exports', { token: admin, body: { email: 'nobody' } })).status).to.equal(422);
    });
  });

  it('is refused in fields that are copied into commands and events', async () => {
    const stated: Record<string, Record<string, unknown>> = {
      name: { name: `For ${email}` },
      externalReference: { externalReference: email },
      tags: { tags: [email] },
      domain: { domain: email },
      lines: { lines: [{ product: 'teams', activities: ['usage'], subscriptionId: email }] },
      evidence: { evidence: [{ fileName: 'a.pdf', contentBase64: '', cover: { domain: email } }] },
    };
    for (const [field, body] of Object.entries(stated)) {
      const refused = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(body) });
      const [{ code, pointer }] = refused.body['errors'];
      expect([refused.status, code, pointer.split('/')[1]], refused.text).to.deep.equal([422, 'address_not_allowed', field]);
      expect(refused.text).to.not.include(email);
    }
  });

  it('is shown as erased in both languages after retention', async () => {
    const { claimId, evidence } = await erased();
    const claim = await api.call('GET', `/v1/claims/${claimId}`, { token: partner });
    expect([claim.status, claim.body['contacts']]).to.deep.equal([200, { customer: null, partner: null, technical: null }]);
    const { sha256, sizeBytes, mediaType } = evidence[0];
    expect(claim.body['evidence'][0]).to.include({ fileName: null, sha256, sizeBytes, mediaType });
    expect(claim.body['evidence'][0].erasedAt).to.match(/^20\d\d-/);
    for (const [language, shown] of Object.entries({ en: '(erased)', ru: '(удалено)' })) {
      const { body } = await api.call('GET', `/v1/claims/${claimId}/history?language=${language}`, { token: partner });
      expect(body['items'].flatMap(({ comment }: { comment: string | null }) => comment ?? [])).to.deep.equal([shown]);
    }
    const file = await api.call('GET', `/v1/claims/${claimId}/evidence/${evidence[0].evidenceId}/content`, { token: partner });
    expect([file.status, file.body['code']]).to.deep.equal([410, 'evidence_erased']);
  });

  it("is absent from the page of an erased recipient's link, which still works", async () => {
    const made = await api.call('POST', '/v1/claims', {
      token: partner,
      body: completeClaim({ submit: true }),
      headers: { Prefer: 'respond-async' },
    });
    const { claimId } = made.body as { claimId: string };
    const library = new ProgrammeLibrary(database.source);
    await executeCommands(database.source, library, claimId);
    await api.call('POST', `/v1/claims/${claimId}/decisions`, {
      token: await api.token('reviewer'),
      body: { outcome: 'approve' },
      headers: { 'If-Match': '"3"', Prefer: 'respond-async' },
    });
    await executeCommands(database.source, library, claimId);
    const link = randomUUID();
    const updated = await database.source.query(
      `UPDATE notice_recipients SET token_hash = CASE kind WHEN 'contact' THEN $2::bytea END, outcome = 'accepted' WHERE claim_id = $1`,
      [claimId, hashToken(link)],
    );
    expect(updated[1]).to.be.greaterThan(1);
    expect(await erasePerson(database.source, { email }, { by })).to.include({ personalData: 1 });
    const page = await api.call('GET', `/n/${link}`);
    expect(page.status).to.equal(200);
    expect(page.text)
      .to.include('name="formToken"')
      .and.not.match(/alex|carter/i);
  });
});
