import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { Client } from 'pg';
import { readAggregates, readSeries, readUsageRows, type UsagePlace, type UsageViewer, usageSets } from '#libs/usage/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { monthFrom, publishUsageProgramme } from '../../support/usage.js';

const set = usageSets.aggregates;
const measure = set.columns.find(({ name }) => name === 'CPORPaidSeats')!;

/** Two locations of one company, and one of another company. */
const holders = [
  { accountId: 'aa', partnerId: '1' },
  { accountId: 'aa', partnerId: '2' },
  { accountId: 'bb', partnerId: '3' },
];
const scopes = [
  { accountId: 'aa', locations: 'all' as const },
  { accountId: 'aa', locations: ['1'] },
  { accountId: 'aa', locations: ['2', '3'] },
  { accountId: 'bb', locations: 'all' as const },
];
const programmes = ['plain', 'baseline', 'tenure'] as const;

const tenants = ['10000000-0000-4000-8000-000000000000', '20000000-0000-4000-8000-000000000000'] as const;
const subscription = 'subscription:30000000-0000-4000-8000-000000000000';
/** Targets as associations name them. The last two are one subscription, whose usage is reported once. */
const heldTargets = [
  `workload:${tenants[0]}:exchange`,
  `workload:${tenants[0]}:teams`,
  `${subscription}#usage`,
  `${subscription}#presales`,
];
const usedTarget = (held: string): string => held.split('#')[0]!;
const tenantOf = (target: string): string => (target.startsWith(subscription) ? tenants[1] : tenants[0]);

/** Instants around the start of months in the programmes' time zone, and in the middle of months. */
const instants = ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06'].flatMap((month, index) => {
  const midnight = Date.parse(`${month}-01T0${index < 2 ? 5 : 4}:00:00.000Z`);
  return [midnight - 1, midnight, midnight + 3 * 3_600_000, Date.parse(`${month}-14T12:00:00.000Z`)];
});
const loads = [
  { loadNo: 1, state: 'published' },
  { loadNo: 2, state: 'published' },
  { loadNo: 3, state: 'receiving' },
  { loadNo: 4, state: 'published' },
];

/** How a target's last tenure ends: as recorded, only as the claims imply, or not at all. */
const endings = ['never', 'recorded', 'refused', 'expired', 'superseded'] as const;

/** Each change passes the target to another holder or to nobody, until the next change or the ending. */
const histories = fc.array(
  fc.record({
    changes: fc
      .uniqueArray(
        fc.record({
          at: fc.constantFrom(...instants),
          holder: fc.constantFrom(...holders, null),
          programme: fc.constantFrom(...programmes),
        }),
        { selector: ({ at }) => at, minLength: 1, maxLength: 5 },
      )
      .map((changes) => changes.toSorted((a, b) => a.at - b.at)),
    ending: fc.constantFrom(...endings),
    endsAfter: fc.constantFrom(0, 1, 86_400_000, 40 * 86_400_000),
  }),
  { minLength: heldTargets.length, maxLength: heldTargets.length },
);

const rows = fc.uniqueArray(
  fc.record({
    target: fc.constantFrom(...new Set(heldTargets.map(usedTarget))),
    month: fc.integer({ min: -4, max: 6 }).map((months) => monthFrom('2026-02-15T00:00:00Z', months)),
    dimension: fc.constantFrom('a', 'b'),
    load: fc.constantFrom(...loads),
    isOfTenant: fc.boolean().map((isRare) => !isRare),
  }),
  { selector: ({ target, month, dimension, load }) => `${target} ${month} ${dimension} ${load.loadNo}`, minLength: 40, maxLength: 80 },
);

interface Tenure {
  associationId: string;
  claimId: string;
  held: string;
  holder: (typeof holders)[number];
  programme: (typeof programmes)[number];
  officialAt: number;
  /** Null if the tenure never ends. */
  endsAt: number | null;
  ending: (typeof endings)[number];
}

interface Row {
  /** Identifies the row: every row has a different figure. */
  figure: number;
  target: string;
  month: string;
  dimension: string;
  load: (typeof loads)[number];
  tenantId: string;
}

/** Returns the associations that result from the histories. */
function tenuresOf(all: typeof histories extends fc.Arbitrary<infer History> ? History : never): Tenure[] {
  return all.flatMap(({ changes, ending, endsAfter }, index) =>
    changes.flatMap(({ at, holder, programme }, change): Tenure[] => {
      if (holder === null) return [];
      const next = changes[change + 1];
      const end =
        next === undefined
          ? { ending, endsAt: ending === 'never' ? null : at + endsAfter }
          : { ending: 'recorded' as const, endsAt: next.at };
      return [{ associationId: randomUUID(), claimId: randomUUID(), held: heldTargets[index]!, holder, programme, officialAt: at, ...end }];
    }),
  );
}

const monthIn = (zone: string, at: number): string =>
  `${new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit' }).format(at)}-01`;

/** Returns the months whose rows the tenure opens at an instant, or null if it opens none. */
function monthsOpen(tenure: Tenure, now: number): { from: string; to: string } | null {
  const { officialAt, endsAt, ending, programme } = tenure;
  if (officialAt > now) return null;
  const from = monthFrom(monthIn('America/New_York', officialAt), programme === 'baseline' ? -1 : 0);
  if (ending === 'refused') return null;
  // A deadline has not passed yet at its own instant.
  const isOver = endsAt !== null && (ending === 'recorded' ? endsAt <= now : endsAt < now);
  if (!isOver) return { from, to: '9999-12-01' };
  if (ending !== 'recorded' || programme !== 'tenure') return null;
  return { from, to: monthFrom(monthIn('America/New_York', endsAt), -1) };
}

/** Returns, for each month and dimension, the newest published row that names the association's tenant. */
function openRows(tenure: Tenure, all: Row[], now: number): Row[] {
  const months = monthsOpen(tenure, now);
  if (months === null) return [];
  const fitting = all.filter(
    ({ target, tenantId, load, month }) =>
      target === usedTarget(tenure.held) &&
      tenantId === tenantOf(target) &&
      load.state === 'published' &&
      month >= months.from &&
      month <= months.to,
  );
  return [...Map.groupBy(fitting, ({ month, dimension }) => `${month} ${dimension}`).values()].map(
    (same) => same.toSorted((a, b) => b.load.loadNo - a.load.loadNo)[0]!,
  );
}

const sum = (figures: number[]): number => figures.reduce((total, figure) => total + figure, 0);

const sumsBy = <Item>(items: Item[], keyOf: (item: Item) => string, figureOf: (item: Item) => number): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(items, keyOf)].map(([key, some]) => [key, sum(some.map(figureOf))]));

describe('access to usage', function () {
  this.timeout(300_000);
  let database: TestDatabase;
  let superuser: Client;

  before(async () => {
    database = await createTestDatabase();
    superuser = new Client({ connectionString: database.superuserUrl });
    await superuser.connect();
    await publishUsageProgramme(database.source, 'plain', {});
    await publishUsageProgramme(database.source, 'baseline', { hasBaselineMonth: true });
    await publishUsageProgramme(database.source, 'tenure', { afterEnd: 'months_of_tenure' });
    // A frozen clock, so that reads happen exactly at an instant and just before it.
    await superuser.query(`
      CREATE TABLE still_clock AS SELECT now() AS at;
      GRANT SELECT, UPDATE ON still_clock TO cpor_app;
      CREATE OR REPLACE FUNCTION cpor_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at FROM still_clock'`);
  });
  after(async () => {
    await superuser?.end();
    await database?.close();
  });

  async function store(tenures: Tenure[], all: Row[]): Promise<void> {
    for (const table of ['associations', 'claim_commands', 'claim_lines', 'claims', 'usage_rows', 'usage_imports'])
      await superuser.query(`DELETE FROM ${table}`);
    await superuser.query(
      `INSERT INTO usage_imports (import_id, load_no, set_name, programme, state, imported_by, latest_month)
       SELECT gen_random_uuid(), "loadNo", $2, 'plain', state, 'vendor', '2026-08-01' FROM jsonb_to_recordset($1::jsonb) AS l("loadNo" int, state text)`,
      [JSON.stringify(loads), set.name],
    );
    await superuser.query(
      `INSERT INTO usage_rows (set_name, target, month, dimension, load_no, line, tenant_id, figures)
       SELECT $2, target, month, dimension, (load ->> 'loadNo')::int, figure, "tenantId", jsonb_build_object('CPORPaidSeats', figure)
       FROM jsonb_to_recordset($1::jsonb) AS r(target text, month date, dimension text, load jsonb, figure int, "tenantId" uuid)`,
      [JSON.stringify(all), set.name],
    );
    const recorded = tenures.map((tenure) => {
      const at = (instant: number) => new Date(instant).toISOString();
      const due = tenure.endsAt === null ? null : at(tenure.endsAt);
      const clock = { clock: 'K13', lines: [1], deadline: { dueAt: due } };
      return {
        ...tenure,
        ...tenure.holder,
        tenantId: tenantOf(tenure.held),
        officialAt: at(tenure.officialAt),
        endedAt: tenure.ending === 'recorded' ? due : null,
        alarmAt: tenure.ending === 'expired' ? due : null,
        state: { policy: `${tenure.programme}@1`, clocks: tenure.ending === 'expired' ? [clock] : [] },
        due,
        rivalId: randomUUID(),
      };
    });
    await superuser.query(
      `WITH t AS (
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS t("associationId" uuid, "claimId" uuid, "rivalId" uuid, held text, "accountId" text,
           "partnerId" text, "tenantId" text, "officialAt" timestamptz, "endedAt" timestamptz, "alarmAt" timestamptz, due timestamptz,
           ending text, state jsonb)
       ), claimed AS (
         INSERT INTO claims (claim_id, number, partner_account_id, partner_id, tenant_id, phase, state, alarm_at)
         SELECT "claimId", "claimId"::text, "accountId", "partnerId", "tenantId", 'official', state, "alarmAt" FROM t
         UNION ALL
         SELECT "rivalId", "rivalId"::text, 'cc', '9', "tenantId", 'consent_pending', state, due FROM t WHERE ending = 'superseded'
       ), rivals AS (
         INSERT INTO claim_lines (claim_id, line, phase, product, target, activities)
         SELECT "rivalId", 1, 'consent_pending', 'exchange', held, '{usage}' FROM t WHERE ending = 'superseded'
       ), refusals AS (
         INSERT INTO claim_commands (command_id, claim_id, type, actor, body, fingerprint, received_at)
         SELECT gen_random_uuid(), "claimId", 'optOut', '{}', '{}', '', "officialAt" FROM t WHERE ending = 'refused'
       )
       INSERT INTO associations
         (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at, ended_at)
       SELECT "associationId", "claimId", 1, held, "accountId", "partnerId", "tenantId", '{usage}', "officialAt", "endedAt" FROM t`,
      [JSON.stringify(recorded)],
    );
  }

  /** Reads all rows that a viewer is served, page by page. */
  async function servedRows(viewer: UsageViewer, limit: number): Promise<{ associationId: string; figure: number }[]> {
    const served: { associationId: string; figure: number }[] = [];
    for (let after: UsagePlace | null | undefined; after !== null; ) {
      const page = await readUsageRows(database.source.manager, viewer, { set, after, limit });
      served.push(...page.rows.map(({ associationId, values }) => ({ associationId, figure: Number(values['CPORPaidSeats']) })));
      after = page.next;
    }
    return served;
  }

  async function expectAccess(tenures: Tenure[], all: Row[], now: number, scope: (typeof scopes)[number]): Promise<number> {
    const viewer: UsageViewer = { scope: { kind: 'partner', ...scope }, isExecutive: false, subject: 'reader' };
    const own = tenures.filter(
      ({ holder }) => holder.accountId === scope.accountId && (scope.locations === 'all' || scope.locations.includes(holder.partnerId)),
    );
    const open = own.flatMap((tenure) => openRows(tenure, all, now).map((row) => ({ ...row, associationId: tenure.associationId })));
    const at = `at ${new Date(now).toISOString()} for ${JSON.stringify(scope)}`;
    const named = ({ associationId, figure }: { associationId: string; figure: number }) => `${associationId} ${figure}`;
    expect((await servedRows(viewer, 7)).map(named), `rows ${at}`).to.have.members(open.map(named));

    const { series } = await readSeries(database.source.manager, viewer, { set, measure, limit: 100 });
    const points = series.flatMap(({ associationId, points: some }) => some.map((point) => ({ associationId, ...point })));
    const known = points.filter(({ state }) => state === 'known');
    const charted = Object.fromEntries(known.map(({ associationId, month, value }) => [`${associationId} ${month}`, Number(value)]));
    const inSeries = ({ associationId, month }: { associationId: string; month: string }) => `${associationId} ${month}`;
    expect(charted, `series ${at}`).to.deep.equal(sumsBy(open, inSeries, ({ figure }) => figure));

    const { groups } = await readAggregates(database.source.manager, viewer, { set, by: 'target', limit: 1000 });
    const added = Object.fromEntries(groups.map(({ month, key, values }) => [`${month} ${key}`, Number(values['CPORPaidSeats'])]));
    // Rows that two associations open are counted once.
    const distinct = [...new Map(open.map((row) => [row.figure, row])).values()];
    const inGroup = ({ month, target }: Row) => `${month} ${target}`;
    expect(added, `sums ${at}`).to.deep.equal(sumsBy(distinct, inGroup, ({ figure }) => figure));
    return open.length;
  }

  it('covers exactly the rows that live associations open, whatever their history', async () => {
    let served = 0;
    const property = fc.asyncProperty(
      histories,
      rows,
      fc.array(fc.constantFrom(...instants), { minLength: 2, maxLength: 3 }),
      async (all, given, nows) => {
        const tenures = tenuresOf(all);
        const figures = given.map(({ isOfTenant, ...row }, index): Row => {
          const tenantId = isOfTenant ? tenantOf(row.target) : tenants.find((tenant) => tenant !== tenantOf(row.target))!;
          return { ...row, figure: index + 1, tenantId };
        });
        await store(tenures, figures);
        const ends = tenures.flatMap(({ endsAt }) => (endsAt === null ? [] : [endsAt, endsAt + 1]));
        for (const now of [...nows, ...ends.slice(-2)]) {
          await database.source.query('UPDATE still_clock SET at = $1', [new Date(now)]);
          for (const scope of scopes) served += await expectAccess(tenures, figures, now, scope);
        }
      },
    );
    await fc.assert(property, { numRuns: 40 });
    // Proves that the gate was put to the test.
    expect(served).to.be.greaterThan(1_000);
  });
});
