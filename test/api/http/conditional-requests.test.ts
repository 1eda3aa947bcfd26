import { expect } from 'chai';
import { codeOf, completeClaim, draftClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';

/** RFC 9110, section 13. */
describe('A conditional request', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;
  let path: string;
  let etag: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
  });
  beforeEach(async () => {
    const { claimId } = await draftClaim(api, partner);
    path = `/v1/claims/${claimId}`;
    etag = (await get()).headers.get('etag')!;
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const get = (headers: Record<string, string> = {}, token = partner) => api.call('GET', path, { token, headers });
  const edit = (condition: string, name = 'Wave 2') =>
    api.call('PATCH', path, { token: partner, body: { name }, headers: { 'If-Match': condition } });

  describe('to read', () => {
    const known: [string, (tag: string) => string][] = [
      ['its ETag', (tag) => tag],
      ['its ETag as a weak one', (tag) => `W/${tag}`],
      ['a list with its ETag', (tag) => `"1", W/"x,y" , ${tag}`],
      ['any ETag', () => '*'],
    ];
    for (const [what, condition] of known) {
      it(`gets 304 without a body for ${what}`, async () => {
        const reply = await get({ 'If-None-Match': condition(etag) });
        expect([reply.status, reply.text, reply.headers.get('etag')]).to.deep.equal([304, '', etag]);
        expect(reply.headers.get('cache-control')).to.equal('private, no-cache');
      });
    }

    it('gets the body for any other ETag', async () => {
      for (const condition of ['"2"', '"x"', `"${etag.slice(1, -2)}"`, '"a", "b"']) {
        const reply = await get({ 'If-None-Match': condition });
        expect([reply.status, reply.headers.get('etag'), reply.headers.get('cache-control')], condition).to.deep.equal([
          200,
          etag,
          'private, no-cache',
        ]);
      }
    });

    const rows: [string, (tag: string) => Record<string, string>, number][] = [
      ['If-Match that holds', (tag) => ({ 'If-Match': tag }), 200],
      ['If-Match that does not hold', () => ({ 'If-Match': '"1"' }), 412],
      ['If-Match that does not hold, before If-None-Match', (tag) => ({ 'If-Match': '"1"', 'If-None-Match': tag }), 412],
      ['If-Match that holds, then If-None-Match', (tag) => ({ 'If-Match': '*', 'If-None-Match': tag }), 304],
      ['If-Match with a weak ETag', (tag) => ({ 'If-Match': `W/${tag}` }), 412],
      ['dates, which no resource has', () => ({ 'If-Unmodified-Since': longAgo, 'If-Modified-Since': farAhead }), 200],
      ['If-None-Match that does not match, whatever the date', () => ({ 'If-None-Match': '"x"', 'If-Modified-Since': farAhead }), 200],
    ];
    for (const [what, headers, status] of rows) {
      it(`gets ${status} for ${what}`, async () => {
        expect((await get(headers(etag))).status).to.equal(status);
      });
    }

    it('does not tell whether a claim exists that the caller may not see', async () => {
      const stranger = await api.token('claim_admin', { locations: ['0000000'] });
      for (const header of ['If-None-Match', 'If-Match'])
        expect(codeOf(await get({ [header]: '*' }, stranger))).to.deep.equal([404, 'not_found']);
    });

    it('sees an ETag that depends on the caller and on everything in the body', async () => {
      const { body } = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ submit: true }) });
      const claimId = body['claimId'] as string;
      path = `/v1/claims/${claimId}`;
      const [own, reviewer] = await Promise.all([get(), get({}, await api.token('reviewer'))]);
      expect(own.body['version']).to.equal(reviewer.body['version']);
      expect(own.headers.get('etag')).not.to.equal(reviewer.headers.get('etag'));
      // Erasure changes no version.
      await asSuperuser(database, 'UPDATE personal_data SET content = NULL, erased_at = now() WHERE claim_id = $1', [claimId]);
      const erased = await get({ 'If-None-Match': own.headers.get('etag')! });
      expect([erased.status, erased.body['version'], erased.body['contacts']?.customer]).to.deep.equal([200, own.body['version'], null]);
    });
  });

  describe('to write', () => {
    const accepted: [string, (tag: string) => string][] = [
      ['its ETag', (tag) => tag],
      ['its version', () => '"2"'],
      ['any version', () => '*'],
      ['a list with its ETag', (tag) => `"1", ${tag}, "foreign"`],
      ['a list with empty elements', (tag) => `, ${tag} ,,`],
    ];
    for (const [what, condition] of accepted) {
      it(`is done with ${what}`, async () => {
        const reply = await edit(condition(etag));
        expect([reply.status, reply.body['version']], reply.text).to.deep.equal([200, 3]);
      });
    }

    const refused: [string, (tag: string) => string][] = [
      ['another version', () => '"1"'],
      ['a list of others', () => '"1", "7"'],
      ['a weak ETag', (tag) => `W/${tag}`],
      ['an ETag that is not of this API', () => '"2f1a"'],
      ['an empty ETag', () => '""'],
    ];
    for (const [what, condition] of refused) {
      it(`is refused with ${what}`, async () => {
        expect(codeOf(await edit(condition(etag)))).to.deep.equal([412, 'version_conflict']);
        expect((await get()).body['version']).to.equal(2);
      });
    }

    it('is repeated under its key though the ETag is no longer current', async () => {
      const options = { token: partner, body: { name: 'Wave 3' }, headers: { 'If-Match': etag, 'Idempotency-Key': 'one-edit' } };
      const [first, again] = [await api.call('PATCH', path, options), await api.call('PATCH', path, options)];
      expect([first.status, again.status, again.headers.get('idempotent-replayed')]).to.deep.equal([200, 200, 'true']);
    });
  });

  it('is refused with what to do when its condition is malformed', async () => {
    for (const condition of ['two', '"2', '"2" "3"', '*, "2"', "'2'", 'w/"2"']) {
      for (const reply of [await edit(condition), await get({ 'If-None-Match': condition }), await get({ 'If-Match': condition })]) {
        expect(codeOf(reply), condition).to.deep.equal([422, 'invalid_request']);
        const [error] = reply.body['errors'] as Json[];
        expect(error).to.include({
          code: 'invalid_header',
          message: 'Must be *, or ETags as the API returned them, such as "3", separated by commas',
        });
      }
    }
  });
});

const longAgo = 'Sat, 01 Jan 2000 00:00:00 GMT';
const farAhead = 'Fri, 01 Jan 2100 00:00:00 GMT';
