import { expect } from 'chai';
import { parse } from 'yaml';
import { type Policy, ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { completeClaim, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const { name: _name, version: _version, ...content } = samplePolicy;

/** The sample programme, changed, without name and version. */
const programme = (change: (policy: Omit<Policy, 'name' | 'version'>) => void = () => undefined) => {
  const document = structuredClone(content);
  change(document);
  return document;
};

const faultsOf = ({ body }: Reply) => (body['faults'] as { path: string; code: string }[]).map(({ path, code }) => [path, code]);
const errorsOf = ({ body }: Reply) => (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => [pointer, code]);
const outcomeOf = ({ status, body }: Reply) => [status, body['result'] ?? body['code'], body['version']];

/** Whether the sample calendars reach far enough depends on the day of the test. */
const withoutWarnings = ({ warnings: _, ...report }: Record<string, unknown>) => report;

describe('Publishing', () => {
  let database: TestDatabase;
  let api: TestApi;
  let token: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    token = await api.token('vendor_admin', { subject: 'vera' });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const put = (path: string, body: unknown, headers?: Record<string, string>) => api.call('PUT', `/v1/${path}`, { token, body, headers });
  const get = (path: string, headers?: Record<string, string>) => api.call('GET', `/v1/${path}`, { token, headers });
  const yaml = (text: string) => Buffer.from(text);
  const asYaml = { 'content-type': 'application/yaml' };

  describe('a programme', () => {
    it('begins with version 1, which may be in force already', async () => {
      const made = await put('programmes/first', programme());
      expect(outcomeOf(made)).to.deep.equal([201, 'published', 1]);
      expect(made.headers.get('etag')).to.equal('"1"');
      expect((await get('programmes/first')).body).to.deep.equal({ ...samplePolicy, name: 'first' });
    });

    it('changes nothing when the document is published already, with or without its version', async () => {
      await put('programmes/again', programme());
      expect(outcomeOf(await put('programmes/again', programme()))).to.deep.equal([200, 'unchanged', 1]);
      expect(outcomeOf(await put('programmes/again', { ...programme(), name: 'again', version: 1 }))).to.deep.equal([200, 'unchanged', 1]);
      expect((await get('programmes/again/versions')).body['items']).to.have.length(1);
    });

    it('takes its next version with the change it says, from the day it says', async () => {
      await put('programmes/next', programme());
      expect((await get('programmes/next')).body).to.include({ version: 1 });
      const changed = programme((policy) => {
        policy.effectiveFrom = inDays(0);
        policy.clocks.answerBusinessDays = 14;
        policy.products.find(({ code }) => code === 'yammer')!.state = 'retired';
      });
      const made = await put('programmes/next', changed, { 'if-match': '"1"' });
      expect(withoutWarnings(made.body)).to.deep.equal({
        name: 'next',
        result: 'published',
        version: 2,
        changes: [
          { path: 'effectiveFrom', from: '2025-01-01', to: inDays(0) },
          { path: 'products[yammer].state', from: 'active', to: 'retired' },
          { path: 'clocks.answerBusinessDays', from: 5, to: 14 },
        ],
        faults: [],
      });
      expect((await get('programmes/next')).body).to.include({ version: 2 });
      expect(outcomeOf(await put('programmes/next', changed, { 'if-match': '"1"' })), 'a repeat').to.deep.equal([200, 'unchanged', 2]);
    });

    it('goes on with the version in force until a later one takes effect', async () => {
      await put('programmes/scheduled', programme());
      const scheduled = programme((policy) => {
        policy.effectiveFrom = inDays(7);
        policy.consent = 'opt_in';
      });
      expect(outcomeOf(await put('programmes/scheduled', scheduled, { 'if-match': '"1"' }))).to.deep.equal([201, 'published', 2]);
      expect((await get('programmes/scheduled')).body).to.include({ version: 1, consent: 'opt_out' });
      const library = new ProgrammeLibrary(database.source);
      expect(await library.policyInForce('scheduled', `${inDays(7)}T00:00:00.000Z`)).to.include({ version: 2, consent: 'opt_in' });
      expect(await library.policyInForce('scheduled', `${inDays(6)}T23:59:59.999Z`)).to.include({ version: 1, consent: 'opt_out' });
    });

    it('says who published what, and when, to those who may publish', async () => {
      await put('programmes/listed', programme());
      await put('programmes/listed', { ...programme(), effectiveFrom: inDays(0) }, { 'if-match': '"1"' });
      await put('programmes/listed', { ...programme(), effectiveFrom: inDays(9) }, { 'if-match': '"2"' });
      const list = await get('programmes/listed/versions');
      expect(list.headers.get('etag')).to.equal('"3"');
      const items = list.body['items'] as Record<string, string>[];
      expect(items.map(({ publishedAt: _at, withdrawnAt: _then, withdrawnBy: _whom, ...rest }) => rest)).to.deep.equal([
        { version: 3, effectiveFrom: inDays(9), state: 'scheduled', publishedBy: 'vera' },
        { version: 2, effectiveFrom: inDays(0), state: 'in_force', publishedBy: 'vera' },
        { version: 1, effectiveFrom: '2025-01-01', state: 'past', publishedBy: 'vera' },
      ]);
      expect(items.every(({ publishedAt }) => Math.abs(Date.parse(publishedAt!) - Date.now()) < 60_000)).to.equal(true);
      const partner = await api.call('GET', '/v1/programmes/listed/versions', { token: await api.token('claim_user') });
      expect((partner.body['items'] as Record<string, string>[]).map(({ publishedBy }) => publishedBy)).to.deep.equal([null, null, null]);
    });

    describe('that is scheduled', () => {
      const withdraw = (path: string, by = token) => api.call('DELETE', `/v1/programmes/${path}`, { token: by, key: null });
      const itemsOf = ({ body }: Reply) => body['items'] as Record<string, unknown>[];

      it('is taken back before it takes effect, for good and on record', async () => {
        await put('programmes/hasty', programme());
        await put('programmes/hasty', { ...programme(), effectiveFrom: inDays(7), consent: 'opt_in' }, { 'if-match': '"1"' });
        const taken = await withdraw('hasty/versions/2');
        expect([taken.status, taken.headers.get('etag')]).to.deep.equal([200, '"1"']);
        const [second, first] = itemsOf(taken);
        expect(second).to.include({ version: 2, state: 'withdrawn', publishedBy: 'vera', withdrawnBy: 'vera' });
        expect(Math.abs(Date.parse(second!['withdrawnAt'] as string) - Date.now())).to.be.below(60_000);
        expect(first).to.include({ version: 1, state: 'in_force', withdrawnAt: null, withdrawnBy: null });
        const again = await withdraw('hasty/versions/2', await api.token('vendor_admin', { subject: 'vic' }));
        expect([again.status, itemsOf(again)[0]]).to.deep.equal([200, second]);

        const library = new ProgrammeLibrary(database.source);
        expect(await library.policyInForce('hasty', `${inDays(8)}T00:00:00.000Z`)).to.include({ version: 1 });
        expect((await get('programmes/hasty/versions/2')).body).to.include({ version: 2, consent: 'opt_in' });
        const partner = await api.call('GET', '/v1/programmes/hasty/versions', { token: await api.token('claim_user') });
        expect(itemsOf(partner)[0]).to.include({ state: 'withdrawn', publishedBy: null, withdrawnBy: null });
      });

      it('leaves its number unused, and its day to another version', async () => {
        await put('programmes/again-later', programme());
        const scheduled = { ...programme(), effectiveFrom: inDays(7), consent: 'opt_in' };
        await put('programmes/again-later', scheduled, { 'if-match': '"1"' });
        await withdraw('again-later/versions/2');
        expect(outcomeOf(await put('programmes/again-later', scheduled, { 'if-match': '"2"' }))).to.deep.equal([
          412,
          'version_conflict',
          undefined,
        ]);
        const unseen = await put('programmes/again-later', scheduled);
        expect([unseen.status, unseen.body['detail']]).to.deep.equal([
          428,
          'Version 1 is published. Send If-Match: "1", or name version 3 in the document.',
        ]);
        expect(errorsOf(await put('programmes/again-later', { ...scheduled, version: 2 }))).to.deep.equal([
          ['/version', 'version_not_next'],
        ]);
        const sooner = await put('programmes/again-later', { ...scheduled, effectiveFrom: inDays(3) }, { 'if-match': '"1"' });
        expect(outcomeOf(sooner)).to.deep.equal([201, 'published', 3]);
      });

      it('may be the only one', async () => {
        const scheduled = { ...programme(), effectiveFrom: inDays(7) };
        await put('programmes/never', scheduled);
        const taken = await withdraw('never/versions/1');
        expect(taken.headers.get('etag')).to.equal('"0"');
        expect(outcomeOf(await put('programmes/never', scheduled))).to.deep.equal([201, 'published', 2]);
      });

      it('cannot be taken back once it is in force or a claim names it, nor by others, and is not there when it is not', async () => {
        await put('programmes/firm', programme());
        await put('programmes/firm', { ...programme(), effectiveFrom: inDays(7) }, { 'if-match': '"1"' });
        expect(outcomeOf(await withdraw('firm/versions/1'))).to.deep.equal([409, 'version_in_force', undefined]);
        expect((await withdraw('firm/versions/2', await api.token('reviewer'))).status).to.equal(403);
        for (const path of ['firm/versions/3', 'nothing/versions/1']) expect((await withdraw(path)).status, path).to.equal(404);
        const made = await api.call('POST', '/v1/claims', { token: await api.token('claim_admin'), body: completeClaim() });
        await database.source.query(`UPDATE claims SET state = state || '{"policy": "firm@2"}' WHERE claim_id = $1`, [
          made.body['claimId'],
        ]);
        expect(outcomeOf(await withdraw('firm/versions/2'))).to.deep.equal([409, 'version_in_force', undefined]);
        const states = itemsOf(await get('programmes/firm/versions')).map(({ state }) => state);
        expect(states).to.deep.equal(['scheduled', 'in_force']);
      });
    });

    it('tells in a dry run what would change and everything that would be refused, and writes nothing', async () => {
      await put('programmes/dry', programme());
      const good = await put('programmes/dry?dryRun=true', { ...programme(), effectiveFrom: inDays(1), consent: 'opt_in' });
      expect(withoutWarnings(good.body)).to.deep.equal({
        name: 'dry',
        result: 'would_publish',
        version: 2,
        changes: [
          { path: 'effectiveFrom', from: '2025-01-01', to: inDays(1) },
          { path: 'consent', from: 'opt_out', to: 'opt_in' },
        ],
        faults: [],
      });
      const bad = await put('programmes/dry?dryRun=true', {
        ...programme((policy) => {
          policy.products[0]!.area = 'azure';
        }),
        name: 'other',
        version: 7,
        effectiveFrom: '2025-01-01',
        calendar: 'mars',
      });
      expect(outcomeOf(bad)).to.deep.equal([200, 'would_be_refused', 2]);
      expect(faultsOf(bad)).to.deep.equal([
        ['products.0.area', 'area_unknown'],
        ['name', 'name_differs'],
        ['version', 'version_not_next'],
        ['effectiveFrom', 'effective_from_not_later'],
        ['effectiveFrom', 'effective_from_past'],
        ['calendar', 'calendar_unknown'],
      ]);
      expect(bad.body['changes']).to.deep.equal([
        { path: 'calendar', from: 'us-federal', to: 'mars' },
        { path: 'products[intune].area', from: 'modern_work_security', to: 'azure' },
      ]);
      expect((await get('programmes/dry/versions')).body['items']).to.have.length(1);
      expect((await put('programmes/unwritten?dryRun=true', programme())).body).to.include({ result: 'would_publish', version: 1 });
      expect((await get('programmes/unwritten/versions')).status).to.equal(404);
    });

    it('is refused with every fault, its place and what to do', async () => {
      const refused = await put('programmes/faulty', {
        ...programme(),
        consent: 'maybe',
        extra: 1,
        vendor: { name: 'A\0', contactEmail: 'a@b.example' },
      });
      expect(outcomeOf(refused).slice(0, 2)).to.deep.equal([422, 'invalid_request']);
      expect(errorsOf(refused)).to.have.deep.members([
        ['/consent', 'invalid_value'],
        ['/extra', 'unknown_field'],
        ['/vendor/name', 'custom'],
        ['/vendor/explanationUrl', 'required'],
      ]);
      expect((await get('programmes/faulty')).status).to.equal(404);
    });

    it('is not overwritten by somebody who has not seen the latest version', async () => {
      await put('programmes/guarded', programme());
      const next = { ...programme(), effectiveFrom: inDays(1) };
      const unseen = await put('programmes/guarded', next);
      expect([outcomeOf(unseen)[1], unseen.body['detail']]).to.deep.equal([
        'precondition_required',
        'Version 1 is published. Send If-Match: "1", or name version 2 in the document.',
      ]);
      expect(outcomeOf(await put('programmes/guarded', next, { 'if-match': '"1"' }))).to.deep.equal([201, 'published', 2]);
      const late = await put('programmes/guarded', { ...next, effectiveFrom: inDays(2) }, { 'if-match': '"1"' });
      expect(outcomeOf(late).slice(0, 2)).to.deep.equal([412, 'version_conflict']);
      const named = await put('programmes/guarded', { ...next, effectiveFrom: inDays(2), version: 2 });
      expect(errorsOf(named)).to.deep.equal([['/version', 'version_published']]);
      expect(outcomeOf(await put('programmes/guarded', { ...next, effectiveFrom: inDays(2), version: 3 }))).to.deep.equal([
        201,
        'published',
        3,
      ]);
    });

    it('becomes one version when several are sent at once', async () => {
      await put('programmes/raced', programme());
      const replies = await Promise.all(
        [1, 2, 3, 4, 5].map((days) => put('programmes/raced', { ...programme(), effectiveFrom: inDays(days) }, { 'if-match': '"1"' })),
      );
      expect(replies.map(({ status }) => status).sort()).to.deep.equal([201, 412, 412, 412, 412]);
      expect((await get('programmes/raced/versions')).body['items']).to.have.length(2);
    });

    it('gives another text of the acknowledgement another version', async () => {
      await put('programmes/texts', programme());
      const changed = programme((policy) => {
        policy.effectiveFrom = inDays(1);
        policy.acknowledgement.text.en = 'We confirm it.';
      });
      const dry = await put('programmes/texts?dryRun=true', changed);
      expect(faultsOf(dry)).to.deep.equal([['acknowledgement.version', 'acknowledgement_version']]);
      changed.acknowledgement.version = 2;
      expect(outcomeOf(await put('programmes/texts', changed, { 'if-match': '"1"' }))).to.deep.equal([201, 'published', 2]);
    });

    it('keeps what at most one association may exist for', async () => {
      await put('programmes/keyed', programme());
      const changed = { ...programme(), effectiveFrom: inDays(1), exclusivityKey: 'target_and_activity' };
      expect(faultsOf(await put('programmes/keyed?dryRun=true', changed))).to.deep.equal([['exclusivityKey', 'exclusivity_key_fixed']]);
      expect(errorsOf(await put('programmes/keyed', changed, { 'if-match': '"1"' }))).to.deep.equal([
        ['/exclusivityKey', 'exclusivity_key_fixed'],
      ]);
    });

    it('shares no product with a programme of the other key: two partners would hold one target', async () => {
      await put('programmes/whole', programme());
      const apart = { ...programme(), exclusivityKey: 'target_and_activity' };
      const refused = errorsOf(await put('programmes/apart', apart));
      expect(refused).to.deep.include(['/exclusivityKey', 'exclusivity_key_conflict']);
      const own = programme((policy) => {
        policy.exclusivityKey = 'target_and_activity';
        policy.automaticApprovals = [];
        for (const product of policy.products) product.code = `apart_${product.code}`;
      });
      expect(outcomeOf(await put('programmes/apart', own))).to.deep.equal([201, 'published', 1]);
    });

    it('waits for a calendar that is in force', async () => {
      const calendar = { zone: 'Europe/Berlin', weekend: [6, 7], holidays: [], coversFrom: '2026-01-01', coversThrough: '2027-12-31' };
      await put('calendars/late', { ...calendar, effectiveFrom: inDays(5), source: 'Made up.' });
      const early = await put('programmes/waiting?dryRun=true', { ...programme(), calendar: 'late' });
      expect(faultsOf(early)).to.deep.equal([['calendar', 'calendar_not_in_force']]);
      expect(outcomeOf(await put('programmes/waiting', { ...programme(), calendar: 'late', effectiveFrom: inDays(5) }))).to.deep.equal([
        201,
        'published',
        1,
      ]);
    });

    it('may not take the address of the schema', async () => {
      expect((await put('programmes/schema', programme())).status).to.equal(405);
    });
  });

  describe('a document', () => {
    it('comes and goes as YAML or JSON, and comes back unchanged', async () => {
      for (const accept of ['application/json', 'application/yaml']) {
        const exported = await get('programmes/sample/versions/1', { accept });
        expect(exported.headers.get('content-type')).to.equal(`${accept}; charset=utf-8`);
        expect(exported.headers.get('etag')).to.equal('"1"');
        expect(accept === 'application/yaml' ? parse(exported.text) : exported.body).to.deep.equal(samplePolicy);
        const back = await put('programmes/sample', yaml(exported.text), { 'content-type': accept });
        expect(outcomeOf(back)).to.deep.equal([200, 'unchanged', 1]);
      }
      expect(Object.keys((await get('programmes/sample/versions/1')).body)).to.deep.equal(Object.keys((await schema())['properties']));
    });

    it('is told where its YAML cannot be read, and what it is not', async () => {
      const broken = await put('programmes/sample', yaml('name: sample\n  areas: [\n'), asYaml);
      expect([broken.status, broken.body['code']]).to.deep.equal([400, 'malformed_body']);
      expect(broken.body['detail']).to.match(/^The YAML cannot be read at line \d+, column \d+ \([A-Z_]+\)\.$/);
      for (const text of ['', '- a list', 'a word']) {
        expect((await put('programmes/sample', yaml(text), asYaml)).body['code'], text).to.equal('malformed_body');
      }
      expect((await put('programmes/sample', ['a list'])).body['code']).to.equal('malformed_body');
      const bomb = Array.from(
        { length: 9 },
        (_, depth) => `a${depth}: &a${depth} [${depth === 0 ? 'x' : `*a${depth - 1}`.concat(`,*a${depth - 1}`.repeat(8))}]`,
      );
      expect((await put('programmes/sample', yaml(bomb.join('\n')), asYaml)).body['code']).to.equal('malformed_body');
    });

    it('is refused when it is nested without end', async () => {
      const deep = `{"name": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
      for (const type of ['application/json', 'application/yaml']) {
        const reply = await put('programmes/sample', yaml(deep), { 'content-type': type });
        expect([reply.status, reply.body['code']], type).to.deep.equal([400, 'malformed_body']);
      }
    });

    it('is taken as YAML where that is said, and nowhere else', async () => {
      const claim = await api.call('POST', '/v1/claims', { token: await api.token('claim_user'), body: yaml('name: a'), headers: asYaml });
      expect([claim.status, claim.body['code']]).to.deep.equal([415, 'unsupported_media_type']);
    });

    it('comes in a form that is accepted, or not at all', async () => {
      const reply = await get('programmes/sample/versions/1', { accept: 'text/html' });
      expect([reply.status, reply.body['code']]).to.deep.equal([406, 'not_acceptable']);
      const weighed = await get('programmes/sample/versions/1', { accept: 'application/json;q=0.5, application/yaml' });
      expect(weighed.headers.get('content-type')).to.match(/^application\/yaml/);
    });

    it('is not there when its version or programme is not', async () => {
      for (const path of [
        'programmes/sample/versions/2',
        'programmes/nothing/versions/1',
        'programmes/nothing/versions',
        'calendars/nothing/versions',
      ]) {
        expect((await get(path)).status, path).to.equal(404);
      }
    });

    it('follows the JSON Schema that is published', async () => {
      const { $schema, required, properties } = await schema();
      expect($schema).to.equal('https://json-schema.org/draft/2020-12/schema');
      expect(Object.keys(properties as object)).to.have.members(Object.keys(samplePolicy));
      expect(required).to.have.members(Object.keys(content));
    });

    const schema = async () => (await get('programmes/schema')).body;
  });

  describe('a calendar', () => {
    const week = {
      effectiveFrom: '2026-01-01',
      zone: 'Europe/Berlin',
      weekend: [6, 7],
      holidays: [{ on: '2026-05-01', name: 'Labour Day' }],
      coversFrom: '2026-01-01',
      coversThrough: '2027-12-31',
      source: 'Made up.',
    };

    it('is published once, and changed by its next version', async () => {
      expect(outcomeOf(await put('calendars/week', week))).to.deep.equal([201, 'published', 1]);
      expect(outcomeOf(await put('calendars/week', week))).to.deep.equal([200, 'unchanged', 1]);
      const more = {
        ...week,
        effectiveFrom: inDays(0),
        holidays: [
          { on: '2026-10-03', name: 'Unity' },
          { on: '2026-05-01', name: 'May Day' },
        ],
      };
      const changed = await put('calendars/week', more, { 'if-match': '"1"' });
      expect(changed.body).to.include({ result: 'published', version: 2 });
      expect(changed.body['changes']).to.deep.equal([
        { path: 'holidays[2026-05-01].name', from: 'Labour Day', to: 'May Day' },
        { path: 'holidays[2026-10-03]', from: null, to: { on: '2026-10-03', name: 'Unity' } },
        { path: 'effectiveFrom', from: '2026-01-01', to: inDays(0) },
      ]);
      const list = (await get('calendars/week/versions')).body['items'] as Record<string, unknown>[];
      expect(list.map(({ version, state, publishedBy }) => [version, state, publishedBy])).to.deep.equal([
        [2, 'in_force', 'vera'],
        [1, 'past', 'vera'],
      ]);
    });

    it('comes back unchanged when it was exported', async () => {
      const exported = await get('calendars/ru/versions/2', { accept: 'application/yaml' });
      expect(outcomeOf(await put('calendars/ru', yaml(exported.text), asYaml))).to.deep.equal([200, 'unchanged', 2]);
    });

    it('takes weekend days that are worked by decree, and tells what is wrong with them', async () => {
      const workingDays = [{ on: '2026-05-02', name: 'Worked for 4 May' }];
      expect(outcomeOf(await put('calendars/worked', { ...week, workingDays }))).to.deep.equal([201, 'published', 1]);
      expect((await get('calendars/worked/versions/1')).body).to.deep.include({ workingDays });
      const monday = { ...week, effectiveFrom: inDays(1), workingDays: [{ on: '2026-05-04', name: 'A Monday' }] };
      expect(faultsOf(await put('calendars/worked?dryRun=true', monday))).to.deep.equal([
        ['workingDays.0.on', 'calendar_working_day_not_weekend'],
      ]);
    });

    it('that soon knows no holidays is warned of where it is published, where it is counted by, and in readiness, which stays as it is', async () => {
      const codesOf = (warnings: unknown) =>
        (warnings as { code: string; message: string }[]).map(({ code, message }) => [code, message.split(' ')[0]]);
      const brief = {
        ...week,
        effectiveFrom: inDays(0),
        coversFrom: inDays(0),
        coversThrough: inDays(30),
        holidays: [{ on: inDays(1), name: 'One' }],
      };
      const { warnings } = (await put('calendars/brief', brief)).body;
      expect(codesOf(warnings)).to.deep.include(['calendar_coverage_ends', 'brief@1']);
      const before = (await api.call('GET', '/readyz')).body;
      expect(codesOf(before['warnings']).map(([, calendar]) => calendar)).not.to.include('brief@1');

      const counted = await put(
        'programmes/brief',
        programme((policy) => Object.assign(policy, { calendar: 'brief', effectiveFrom: inDays(0) })),
      );
      expect(codesOf(counted.body['warnings'])).to.deep.include(['calendar_coverage_ends', 'brief@1']);
      const after = (await api.call('GET', '/readyz')).body;
      expect(codesOf(after['warnings'])).to.deep.include(['calendar_coverage_ends', 'brief@1']);
      expect(after['status']).to.equal(before['status']);
      const { items, zoneData } = (await get('reports/calendar-coverage')).body as { items: Record<string, unknown>[]; zoneData: string };
      expect(zoneData).to.equal(process.versions['tz']);
      expect(items.find(({ calendar }) => calendar === 'brief@1')).to.deep.include({ programmes: ['brief'], coversThrough: inDays(30) });
    });

    it('is refused with all its faults, and tells them in a dry run', async () => {
      const faulty = { ...week, zone: 'Mars', weekend: [8], effectiveFrom: 'soon' };
      const expected = [
        ['zone', 'calendar_zone_unknown'],
        ['weekend', 'calendar_field_invalid'],
        ['effectiveFrom', 'calendar_field_invalid'],
      ];
      expect(faultsOf(await put('calendars/faulty?dryRun=true', faulty))).to.deep.equal(expected);
      const refused = await put('calendars/faulty', faulty);
      expect(refused.status).to.equal(422);
      expect(errorsOf(refused)).to.deep.equal(expected.map(([path, code]) => [`/${path}`, code]));
    });
  });
});
