import { expect } from 'chai';
import { asYaml, errorsOf, faultsOf, inDays, outcomeOf, programme, Publisher, yaml } from './publisher.js';

describe('Publishing a calendar', () => {
  let publisher: Publisher;

  before(async function () {
    this.timeout(60_000);
    publisher = await Publisher.start();
  });
  after(() => publisher?.close());

  const week = {
    effectiveFrom: '2026-01-01',
    zone: 'Europe/Berlin',
    weekend: [6, 7],
    holidays: [{ on: '2026-05-01', name: 'Labour Day' }],
    coversFrom: '2026-01-01',
    coversThrough: '2027-12-31',
    source: 'Made up.',
  };

  it('stores a document once, and a change as the next version', async () => {
    expect(outcomeOf(await publisher.put('calendars/week', week))).to.deep.equal([201, 'published', 1]);
    expect(outcomeOf(await publisher.put('calendars/week', week))).to.deep.equal([200, 'unchanged', 1]);
    const more = {
      ...week,
      effectiveFrom: inDays(0),
      holidays: [
        { on: '2026-10-03', name: 'Unity' },
        { on: '2026-05-01', name: 'May Day' },
      ],
    };
    const changed = await publisher.put('calendars/week', more, { 'if-match': '"1"' });
    expect(changed.body).to.include({ result: 'published', version: 2 });
    expect(changed.body['changes']).to.deep.equal([
      { path: 'holidays[2026-05-01].name', from: 'Labour Day', to: 'May Day' },
      { path: 'holidays[2026-10-03]', from: null, to: { on: '2026-10-03', name: 'Unity' } },
      { path: 'effectiveFrom', from: '2026-01-01', to: inDays(0) },
    ]);
    const list = (await publisher.get('calendars/week/versions')).body['items'] as Record<string, unknown>[];
    expect(list.map(({ version, state, publishedBy }) => [version, state, publishedBy])).to.deep.equal([
      [2, 'in_force', 'vera'],
      [1, 'past', 'vera'],
    ]);
  });

  it('changes nothing when an export is sent back', async () => {
    const exported = await publisher.get('calendars/ru/versions/2', { accept: 'application/yaml' });
    expect(outcomeOf(await publisher.put('calendars/ru', yaml(exported.text), asYaml))).to.deep.equal([200, 'unchanged', 2]);
  });

  it('accepts working days that fall on a weekend, and no others', async () => {
    const workingDays = [{ on: '2026-05-02', name: 'Worked for 4 May' }];
    expect(outcomeOf(await publisher.put('calendars/worked', { ...week, workingDays }))).to.deep.equal([201, 'published', 1]);
    expect((await publisher.get('calendars/worked/versions/1')).body).to.deep.include({ workingDays });
    const monday = { ...week, effectiveFrom: inDays(1), workingDays: [{ on: '2026-05-04', name: 'A Monday' }] };
    expect(faultsOf(await publisher.put('calendars/worked?dryRun=true', monday))).to.deep.equal([
      ['workingDays.0.on', 'calendar_working_day_not_weekend'],
    ]);
  });

  it('warns of coverage that ends soon, as do a programme that uses the calendar and readiness', async () => {
    const codesOf = (warnings: unknown) =>
      (warnings as { code: string; message: string }[]).map(({ code, message }) => [code, message.split(' ')[0]]);
    const brief = {
      ...week,
      effectiveFrom: inDays(0),
      coversFrom: inDays(0),
      coversThrough: inDays(30),
      holidays: [{ on: inDays(1), name: 'One' }],
    };
    const { warnings } = (await publisher.put('calendars/brief', brief)).body;
    expect(codesOf(warnings)).to.deep.include(['calendar_coverage_ends', 'brief@1']);
    const before = (await publisher.api.call('GET', '/readyz')).body;
    expect(codesOf(before['warnings']).map(([, calendar]) => calendar)).not.to.include('brief@1');

    const counted = await publisher.put(
      'programmes/brief',
      programme((policy) => Object.assign(policy, { calendar: 'brief', effectiveFrom: inDays(0) })),
    );
    expect(codesOf(counted.body['warnings'])).to.deep.include(['calendar_coverage_ends', 'brief@1']);
    const after = (await publisher.api.call('GET', '/readyz')).body;
    expect(codesOf(after['warnings'])).to.deep.include(['calendar_coverage_ends', 'brief@1']);
    expect(after['status']).to.equal(before['status']);
    const { items, zoneData } = (await publisher.get('reports/calendar-coverage')).body as {
      items: Record<string, unknown>[];
      zoneData: string;
    };
    expect(zoneData).to.equal(process.versions['tz']);
    expect(items.find(({ calendar }) => calendar === 'brief@1')).to.deep.include({ programmes: ['brief'], coversThrough: inDays(30) });
  });

  it('is refused with all faults, which a dry run reports too', async () => {
    const faulty = { ...week, zone: 'Mars', weekend: [8], effectiveFrom: 'soon' };
    const expected = [
      ['zone', 'calendar_zone_unknown'],
      ['weekend', 'calendar_field_invalid'],
      ['effectiveFrom', 'calendar_field_invalid'],
    ];
    expect(faultsOf(await publisher.put('calendars/faulty?dryRun=true', faulty))).to.deep.equal(expected);
    const refused = await publisher.put('calendars/faulty', faulty);
    expect(refused.status).to.equal(422);
    expect(errorsOf(refused)).to.deep.equal(expected.map(([path, code]) => [`/${path}`, code]));
  });
});
