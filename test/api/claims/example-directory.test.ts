import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect } from 'chai';
import {
  type DirectoryAnswer,
  createDirectory,
  parseDirectory,
  PostgresDirectoryProvider,
  sampleDirectory,
} from '#libs/directory/index.js';
import { findFreePort } from '#libs/embedded/index.js';
import { completeClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { blueHeron, evergreen, ironbridge, northwind } from '../../support/sample-directory.js';
import { waitFor } from '../../support/wait.js';

const token = 'secret-of-the-example-directory';
const at = '2026-11-04T09:00:00.000Z';
const question = { partnerId: evergreen.partnerId, tenantId: northwind.tenantId, identifiers: [] as string[], at };

describe('The example of a directory service', function () {
  this.timeout(60_000);
  let folder: string;
  let service: ChildProcess;
  let url: string;
  let database: TestDatabase;
  let api: TestApi;

  before(async () => {
    // A copy with its one package, far from the checkout: nothing else of it can be imported.
    folder = await mkdtemp(join(tmpdir(), 'cpor-example-directory-'));
    await cp('apps/example-directory', folder, { recursive: true });
    await mkdir(join(folder, 'node_modules'));
    await symlink(join(process.cwd(), 'node_modules/csv-parse'), join(folder, 'node_modules/csv-parse'));
    const port = await findFreePort(0);
    url = `http://127.0.0.1:${port}/look-up`;
    const env = { PATH: process.env['PATH'], PORT: String(port), DIRECTORY_TOKEN: token };
    service = spawn(process.execPath, ['server.mjs'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    await waitFor('the service to listen', () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
    database = await createTestDatabase();
    api = await startTestApi({ database, env: { DIRECTORY_URL: url, DIRECTORY_TOKEN: token } });
  });
  after(async () => {
    await api?.close();
    await database?.close();
    service?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const post = (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
    fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

  /** Questions about every partner and customer of its data, and about some that it does not have. */
  function questions() {
    const parsed = parseDirectory(sampleDirectory);
    if (!parsed.ok) throw new Error('The sample directory is faulty.');
    const { accounts, tenants } = parsed.document;
    const data = readFileSync('apps/example-directory/data/tenants.csv', 'utf8');
    const partnerIds = accounts.slice(0, 3).flatMap(({ locations }) => locations.map(({ partnerId }) => partnerId));
    const known = tenants.filter(({ tenantId }) => data.includes(tenantId));
    const foreign = ['abc-17', '00000000-0000-4000-8000-000000000000', ...known.map(({ tenantId }) => tenantId)];
    return [
      ...partnerIds.map((partnerId) => ({ ...question, partnerId })),
      ...known.map(({ tenantId, subscriptions, orders }) => ({
        ...question,
        tenantId,
        identifiers: [...subscriptions.map(({ subscriptionId }) => subscriptionId), ...orders, ...foreign],
      })),
      { ...question, partnerId: '98172', tenantId: '00000000-0000-4000-8000-000000000000' },
      { ...question, partnerId: "1' or true --", tenantId: 'contoso' },
      { ...question, partnerId: '48255', at: '2025-06-30T23:59:59.999Z' },
      { ...question, partnerId: '48255', at: '2025-07-01T00:00:00.000Z' },
    ];
  }

  const inOrder = ({ location, tenant, ...rest }: DirectoryAnswer): Json => ({
    ...rest,
    location: location && { ...location, enrolledProgrammes: [...location.enrolledProgrammes].sort(), siblings: siblingsOf(location) },
    tenant: tenant && { ...tenant, workloads: [...tenant.workloads].sort(), subscriptions: byId(tenant.subscriptions) },
  });
  const siblingsOf = ({ siblings }: NonNullable<DirectoryAnswer['location']>) =>
    siblings
      .map((sibling) => ({ ...sibling, enrolledProgrammes: [...sibling.enrolledProgrammes].sort() }))
      .sort((a, b) => Number(a.partnerId) - Number(b.partnerId));
  const byId = <Item extends { subscriptionId: string }>(items: Item[]) =>
    [...items].sort((a, b) => (a.subscriptionId < b.subscriptionId ? -1 : 1));

  it('answers every question as the built-in directory does', async () => {
    const [example, builtIn] = [
      createDirectory({ url, token }, database.source, { freshMs: 0 }),
      new PostgresDirectoryProvider(database.source),
    ];
    for (const asked of questions()) {
      const [answer, expected] = [await example.lookUp(asked), await builtIn.lookUp(asked)];
      expect(inOrder(answer), JSON.stringify(asked)).to.deep.equal({ ...inOrder(expected), askedAt: asked.at });
    }
  });

  it('keeps to the schemas of the published contract', async () => {
    const contract = JSON.parse(readFileSync('docs/reference/directory-api.json', 'utf8')) as object;
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addSchema(contract, 'contract');
    const isQuestion = ajv.compile({ $ref: 'contract#/components/schemas/LookUpRequest' });
    const isAnswer = ajv.compile({ $ref: 'contract#/components/schemas/LookUpAnswer' });
    for (const asked of questions()) {
      const answer: unknown = await (await post(asked)).json();
      expect([isQuestion(asked), isAnswer(answer), isAnswer.errors], JSON.stringify(asked)).to.deep.equal([true, true, null]);
    }
    expect(isAnswer({ location: null, tenant: {}, identifiers: {} })).to.equal(false);
  });

  it('refuses whoever has no token, other methods and paths, and what is not a question', async () => {
    const refused: [Promise<Response>, number][] = [
      [post(question, {}), 401],
      [post(question, { authorization: 'Bearer guessed' }), 401],
      [fetch(url, { headers: { authorization: `Bearer ${token}` } }), 405],
      [fetch(`${url}/other`, { headers: { authorization: `Bearer ${token}` } }), 404],
      [post('{'), 400],
      [post({ ...question, at: 'now' }), 422],
      [post({ ...question, identifiers: [7] }), 422],
      [post('null'), 422],
      [post('x'.repeat(70_000)), 413],
    ];
    for (const [reply, status] of refused) expect((await reply).status).to.equal(status);
  });

  it('lets a claim be submitted, and names what is wrong with others', async () => {
    const partner = await api.token('claim_admin');
    const submit = (more: Json) => api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ submit: true, ...more }) });
    const good = await submit({});
    expect(good.status, good.text).to.equal(201);
    const codesOf = async (more: Json): Promise<unknown[]> =>
      ((await submit(more)).body['errors'] as Json[])?.map(({ code }) => code as unknown);
    expect(await codesOf({ tenantId: '00000000-0000-4000-8000-000000000000' })).to.include('tenant_unknown');
    expect(await codesOf({ domain: blueHeron.domain })).to.include('tenant_domain_mismatch');
    expect(await codesOf({ partnerId: ironbridge.partnerId })).to.include('not_own_location');
    expect(await codesOf({ partnerId: '1240395' })).to.include('location_not_enrolled');
  });

  it('reads a file that has changed, and answers 503 while it is missing', async () => {
    const [enrolments, elsewhere] = [join(folder, 'data/enrolments.csv'), join(folder, 'enrolments.csv')];
    await rename(enrolments, elsewhere);
    const reply = await post(question);
    expect([reply.status, reply.headers.get('retry-after'), await reply.json()]).to.deep.equal([
      503,
      '2',
      { error: 'The directory failed; see its log.' },
    ]);
    await rename(elsewhere, enrolments);
    expect((await post(question)).status).to.equal(200);
    await cp('apps/example-directory/data/orders.csv', enrolments);
    expect(((await (await post(question)).json()) as Json)['location']['enrolledProgrammes']).to.deep.equal([]);
  });
});
