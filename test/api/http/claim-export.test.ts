import { randomUUID } from 'node:crypto';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { completeClaim, type Json } from '../../support/api.js';
import { asSuperuser, bringBack, takeDown } from '../../support/database.js';
import { ironbridge } from '../../support/sample-directory.js';
import { waitFor } from '../../support/wait.js';
import { claimCount, errorsOf, LoadedApi } from './loaded-api.js';

describe('The export of claims', function () {
  this.timeout(60_000);
  let loaded: LoadedApi;

  before(async () => {
    loaded = await LoadedApi.start();
  });
  after(() => loaded?.close());

  const bytes = async (path: string, token = loaded.vendor) => {
    const response = await fetch(`${loaded.api.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { response, text: await response.text() };
  };
  /** Starts an export and leaves its body unread. */
  const startReading = (path: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      httpGet(`${loaded.api.url}${path}`, { headers: { authorization: `Bearer ${loaded.vendor}` }, agent: false }, resolve).once(
        'error',
        reject,
      );
    });
  const openTransactions = async () =>
    (
      await asSuperuser(loaded.database, `SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'idle in transaction'`, [
        loaded.database.name,
      ])
    ).length;

  it('has the claims of the list, in its order, in both formats', async () => {
    for (const query of ['phase=official&sort=name', 'q=teams&isOpen=true&sort=-nextDeadline', 'product=intune&tag=quarter-2']) {
      const listed = await loaded.allItems(`/v1/claims?${query}&limit=100`);
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

  it('is a download with a file name', async () => {
    const csv = await bytes('/v1/claims/export?format=csv&phase=disputed', loaded.partner);
    expect(csv.response.headers.get('content-type')).to.equal('text/csv; charset=utf-8; header=present');
    expect(csv.response.headers.get('content-disposition')).to.equal('attachment; filename="claims.csv"');
    const empty = await bytes('/v1/claims/export?format=json&q=zzzz');
    expect([empty.response.headers.get('content-disposition'), empty.text]).to.deep.equal(['attachment; filename="claims.json"', '[]\n']);
  });

  it('escapes spreadsheet formulas in what partners entered', async () => {
    const reference = randomUUID();
    const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', 'a "quoted", name\nof two lines', 'plain'];
    const foreign = await loaded.api.token('claim_admin', { partner: ironbridge.accountId });
    for (const name of names) {
      const body = completeClaim({ partnerId: ironbridge.partnerId, externalReference: reference });
      const made = await loaded.api.call('POST', '/v1/claims', { token: foreign, body });
      await loaded.database.source.query('UPDATE claims SET name = $2 WHERE claim_id = $1', [made.body['claimId'], name]);
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

  it('refuses unknown formats and page limits', async () => {
    expect(errorsOf(await loaded.get('/v1/claims/export'))).to.deep.equal([422, 'invalid_request', 'format', 'invalid_value']);
    expect(errorsOf(await loaded.get('/v1/claims/export?format=csv&limit=5'))).to.deep.equal([
      422,
      'invalid_request',
      'limit',
      'unknown_field',
    ]);
  });

  it('is a consistent snapshot despite writes while it is read', async () => {
    const response = await fetch(`${loaded.api.url}/v1/claims/export?format=json&sort=name`, {
      headers: { authorization: `Bearer ${loaded.vendor}` },
    });
    const reader = response.body!.getReader();
    const chunks = [(await reader.read()).value!];
    await loaded.database.source.query(`UPDATE claims SET name = 'Written meanwhile', updated_at = cpor_now()`);
    for (let part = await reader.read(); !part.done; part = await reader.read()) chunks.push(part.value);
    const read = JSON.parse(Buffer.concat(chunks).toString()) as Json[];
    expect(read.filter((item) => item['name'] === 'Written meanwhile')).to.deep.equal([]);
    expect(new Set(read.map((item) => item['claimId'] as string)).size).to.equal(read.length);
    expect(read.length).to.be.at.least(claimCount);
  });

  it('waits for slow readers, limits concurrent exports, and stops when its reader disconnects', async function () {
    this.timeout(60_000);
    await asSuperuser(loaded.database, `UPDATE claims SET tags = ARRAY[repeat('long ', 2000)]`);
    const open = await Promise.all(Array.from({ length: 4 }, () => startReading('/v1/claims/export?format=json')));
    expect(open.map(({ statusCode }) => statusCode)).to.deep.equal([200, 200, 200, 200]);
    await waitFor('the exports to wait for their readers', async () => (await openTransactions()) === 4);
    const fifth = await loaded.get('/v1/claims/export?format=json');
    expect([fifth.status, fifth.body['code'], fifth.headers.get('retry-after')]).to.deep.equal([429, 'too_many_requests', '10']);
    for (const response of open) response.destroy();
    await waitFor('the connections to be released', async () => (await openTransactions()) === 0);
    expect((await bytes('/v1/claims/export?format=json&phase=disputed')).response.status).to.equal(200);
  });

  it('ends with a broken connection when the database fails midway', async function () {
    this.timeout(60_000);
    await asSuperuser(loaded.database, `UPDATE claims SET tags = ARRAY[repeat('long ', 2000)]`);
    const response = await startReading('/v1/claims/export?format=csv');
    await waitFor('the export to wait for its reader', async () => (await openTransactions()) === 1);
    await asSuperuser(
      loaded.database,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND state = 'idle in transaction'`,
      [loaded.database.name],
    );
    const outcome = await text(response).then(
      () => 'complete',
      () => 'broken',
    );
    expect(outcome).to.equal('broken');
  });

  it('answers 503 instead of a partial file if the database is down from the start', async () => {
    await takeDown(loaded.database);
    const refused = await loaded.get('/v1/claims/export?format=csv');
    await bringBack(loaded.database);
    expect([refused.status, refused.body['code']]).to.deep.equal([503, 'service_unavailable']);
    expect((await bytes('/v1/claims/export?format=csv&phase=disputed')).response.status).to.equal(200);
  });
});
