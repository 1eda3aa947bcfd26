import { expect } from 'chai';
import { ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { errorsOf, faultsOf, inDays, outcomeOf, programme, Publisher } from './publisher.js';

/** Drops the warnings: whether the sample calendars reach far enough depends on the day of the test. */
const withoutWarnings = ({ warnings: _, ...report }: Record<string, unknown>) => report;

describe('Publishing a programme', () => {
  let publisher: Publisher;

  before(async function () {
    this.timeout(60_000);
    publisher = await Publisher.start();
  });
  after(() => publisher?.close());

  it('starts with version 1, which may already be in force', async () => {
    const made = await publisher.put('programmes/first', programme());
    expect(outcomeOf(made)).to.deep.equal([201, 'published', 1]);
    expect(made.headers.get('etag')).to.equal('"1"');
    expect((await publisher.get('programmes/first')).body).to.deep.equal({ ...samplePolicy, name: 'first' });
  });

  it('changes nothing if the document is already published, with or without its version number', async () => {
    await publisher.put('programmes/again', programme());
    expect(outcomeOf(await publisher.put('programmes/again', programme()))).to.deep.equal([200, 'unchanged', 1]);
    expect(outcomeOf(await publisher.put('programmes/again', { ...programme(), name: 'again', version: 1 }))).to.deep.equal([
      200,
      'unchanged',
      1,
    ]);
    expect((await publisher.get('programmes/again/versions')).body['items']).to.have.length(1);
  });

  it('creates the next version and reports what changed', async () => {
    await publisher.put('programmes/next', programme());
    expect((await publisher.get('programmes/next')).body).to.include({ version: 1 });
    const changed = programme((policy) => {
      policy.effectiveFrom = inDays(0);
      policy.clocks.answerBusinessDays = 14;
      policy.products.find(({ code }) => code === 'yammer')!.state = 'retired';
    });
    const made = await publisher.put('programmes/next', changed, { 'if-match': '"1"' });
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
    expect((await publisher.get('programmes/next')).body).to.include({ version: 2 });
    expect(outcomeOf(await publisher.put('programmes/next', changed, { 'if-match': '"1"' })), 'a repeat').to.deep.equal([
      200,
      'unchanged',
      2,
    ]);
  });

  it('leaves the current version in force until the new one takes effect', async () => {
    await publisher.put('programmes/scheduled', programme());
    const scheduled = programme((policy) => {
      policy.effectiveFrom = inDays(7);
      policy.consent = 'opt_in';
    });
    expect(outcomeOf(await publisher.put('programmes/scheduled', scheduled, { 'if-match': '"1"' }))).to.deep.equal([201, 'published', 2]);
    expect((await publisher.get('programmes/scheduled')).body).to.include({ version: 1, consent: 'opt_out' });
    const library = new ProgrammeLibrary(publisher.database.source);
    expect(await library.policyInForce('scheduled', `${inDays(7)}T00:00:00.000Z`)).to.include({ version: 2, consent: 'opt_in' });
    expect(await library.policyInForce('scheduled', `${inDays(6)}T23:59:59.999Z`)).to.include({ version: 1, consent: 'opt_out' });
  });

  it('records who published each version and when, and shows the name to publishers only', async () => {
    await publisher.put('programmes/listed', programme());
    await publisher.put('programmes/listed', { ...programme(), effectiveFrom: inDays(0) }, { 'if-match': '"1"' });
    await publisher.put('programmes/listed', { ...programme(), effectiveFrom: inDays(9) }, { 'if-match': '"2"' });
    const list = await publisher.get('programmes/listed/versions');
    expect(list.headers.get('etag')).to.match(/^"3\./);
    const items = list.body['items'] as Record<string, string>[];
    expect(items.map(({ publishedAt: _at, withdrawnAt: _then, withdrawnBy: _by, ...rest }) => rest)).to.deep.equal([
      { version: 3, effectiveFrom: inDays(9), state: 'scheduled', publishedBy: 'vera' },
      { version: 2, effectiveFrom: inDays(0), state: 'in_force', publishedBy: 'vera' },
      { version: 1, effectiveFrom: '2025-01-01', state: 'past', publishedBy: 'vera' },
    ]);
    expect(items.every(({ publishedAt }) => Math.abs(Date.parse(publishedAt!) - Date.now()) < 60_000)).to.equal(true);
    const partner = await publisher.api.call('GET', '/v1/programmes/listed/versions', { token: await publisher.api.token('claim_user') });
    expect((partner.body['items'] as Record<string, string>[]).map(({ publishedBy }) => publishedBy)).to.deep.equal([null, null, null]);
  });

  it('reports changes and faults in a dry run, which stores nothing', async () => {
    await publisher.put('programmes/dry', programme());
    const good = await publisher.put('programmes/dry?dryRun=true', { ...programme(), effectiveFrom: inDays(1), consent: 'opt_in' });
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
    const bad = await publisher.put('programmes/dry?dryRun=true', {
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
    expect((await publisher.get('programmes/dry/versions')).body['items']).to.have.length(1);
    expect((await publisher.put('programmes/unwritten?dryRun=true', programme())).body).to.include({ result: 'would_publish', version: 1 });
    expect((await publisher.get('programmes/unwritten/versions')).status).to.equal(404);
  });

  it('is refused with every fault and a pointer to it', async () => {
    const refused = await publisher.put('programmes/faulty', {
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
    expect((await publisher.get('programmes/faulty')).status).to.equal(404);
  });

  it('requires the sender to name the latest version', async () => {
    await publisher.put('programmes/guarded', programme());
    const next = { ...programme(), effectiveFrom: inDays(1) };
    const unseen = await publisher.put('programmes/guarded', next);
    expect([outcomeOf(unseen)[1], unseen.body['detail']]).to.deep.equal([
      'precondition_required',
      'Version 1 is published. Send If-Match: "1", or name version 2 in the document.',
    ]);
    expect(outcomeOf(await publisher.put('programmes/guarded', next, { 'if-match': '"1"' }))).to.deep.equal([201, 'published', 2]);
    const outdated = await publisher.put('programmes/guarded', { ...next, effectiveFrom: inDays(2) }, { 'if-match': '"1"' });
    expect(outcomeOf(outdated).slice(0, 2)).to.deep.equal([412, 'version_conflict']);
    const named = await publisher.put('programmes/guarded', { ...next, effectiveFrom: inDays(2), version: 2 });
    expect(errorsOf(named)).to.deep.equal([['/version', 'version_published']]);
    expect(outcomeOf(await publisher.put('programmes/guarded', { ...next, effectiveFrom: inDays(2), version: 3 }))).to.deep.equal([
      201,
      'published',
      3,
    ]);
  });

  it('creates one version when several requests compete', async () => {
    await publisher.put('programmes/raced', programme());
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((days) =>
        publisher.put('programmes/raced', { ...programme(), effectiveFrom: inDays(days) }, { 'if-match': '"1"' }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([201, 412, 412, 412, 412]);
    expect((await publisher.get('programmes/raced/versions')).body['items']).to.have.length(2);
  });

  it('requires a new acknowledgement version when its text changes', async () => {
    await publisher.put('programmes/texts', programme());
    const changed = programme((policy) => {
      policy.effectiveFrom = inDays(1);
      policy.acknowledgement.text.en = 'We confirm it.';
    });
    const dry = await publisher.put('programmes/texts?dryRun=true', changed);
    expect(faultsOf(dry)).to.deep.equal([['acknowledgement.version', 'acknowledgement_version']]);
    changed.acknowledgement.version = 2;
    expect(outcomeOf(await publisher.put('programmes/texts', changed, { 'if-match': '"1"' }))).to.deep.equal([201, 'published', 2]);
  });

  it('cannot change the exclusivity key', async () => {
    await publisher.put('programmes/keyed', programme());
    const changed = { ...programme(), effectiveFrom: inDays(1), exclusivityKey: 'target_and_activity' };
    expect(faultsOf(await publisher.put('programmes/keyed?dryRun=true', changed))).to.deep.equal([
      ['exclusivityKey', 'exclusivity_key_fixed'],
    ]);
    expect(errorsOf(await publisher.put('programmes/keyed', changed, { 'if-match': '"1"' }))).to.deep.equal([
      ['/exclusivityKey', 'exclusivity_key_fixed'],
    ]);
  });

  it('is refused if another programme has the product under another exclusivity key', async () => {
    await publisher.put('programmes/whole', programme());
    const apart = { ...programme(), exclusivityKey: 'target_and_activity' };
    const refused = errorsOf(await publisher.put('programmes/apart', apart));
    expect(refused).to.deep.include(['/exclusivityKey', 'exclusivity_key_conflict']);
    const own = programme((policy) => {
      policy.exclusivityKey = 'target_and_activity';
      policy.automaticApprovals = [];
      for (const product of policy.products) product.code = `apart_${product.code}`;
    });
    expect(outcomeOf(await publisher.put('programmes/apart', own))).to.deep.equal([201, 'published', 1]);
  });

  it('requires a calendar that is in force when the programme takes effect', async () => {
    const calendar = { zone: 'Europe/Berlin', weekend: [6, 7], holidays: [], coversFrom: '2026-01-01', coversThrough: '2027-12-31' };
    await publisher.put('calendars/late', { ...calendar, effectiveFrom: inDays(5), source: 'Made up.' });
    const early = await publisher.put('programmes/waiting?dryRun=true', { ...programme(), calendar: 'late' });
    expect(faultsOf(early)).to.deep.equal([['calendar', 'calendar_not_in_force']]);
    expect(
      outcomeOf(await publisher.put('programmes/waiting', { ...programme(), calendar: 'late', effectiveFrom: inDays(5) })),
    ).to.deep.equal([201, 'published', 1]);
  });

  it('cannot use the name `schema`, which is a path of its own', async () => {
    expect((await publisher.put('programmes/schema', programme())).status).to.equal(405);
  });
});
