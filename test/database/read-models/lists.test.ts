import { expect } from 'chai';
import fc from 'fast-check';
import type { Scope } from '#libs/auth/index.js';
import { phases, statusLabels } from '#libs/claims/index.js';
import { type ClaimFilter, type ClaimSort, claimSorts, countClaims, listClaims, listReviews, type Reach } from '#libs/read-models/index.js';
import { greatestPartner, loadClaims } from '../../bench/load-claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { matches, inOrder, type OracleRow, oracleSql, pageThrough } from '../../support/list-oracle.js';

const everything = { kind: 'everything' } as Scope;
const sorts = Object.keys(claimSorts) as ClaimSort[];
const claims = 1_500;

describe('a list of claims', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let rows: OracleRow[];

  before(async () => {
    database = await createTestDatabase({ poolSize: 12 });
    await loadClaims(database.ownerUrl, claims, () => undefined);
    rows = await database.source.query<OracleRow[]>(oracleSql);
  });
  after(() => database?.close());

  const find = (
    filter: ClaimFilter,
    scope = everything,
    sort: { by: ClaimSort; isDescending: boolean } = { by: 'number', isDescending: false },
  ) => listClaims(database.source.manager, scope, filter, { sort, limit: 10_000 }).then(({ rows: found }) => found);
  const numbersOf = async (filter: ClaimFilter, scope = everything) => (await find(filter, scope)).map((row) => row.number);

  /** Generates a value from a random claim. */
  const some = <Value>(pick: (row: OracleRow) => Value): fc.Arbitrary<Value> => fc.nat(claims - 1).map((index) => pick(rows[index]!));
  const several = (pick: (row: OracleRow) => string) => fc.array(some(pick), { minLength: 1, maxLength: 3 });
  const words = (pick: (row: OracleRow) => string) =>
    fc.tuple(some(pick), fc.nat(2), fc.integer({ min: 2, max: 30 })).map(([text, from, length]) => {
      const cut = text.split(' ').slice(from).join(' ').slice(0, length).trim();
      return cut === '' ? text : cut;
    });
  const instants = some((row) => new Date(row.dueAt ?? row.updatedAt).toISOString());
  const filters: () => fc.Arbitrary<ClaimFilter> = () =>
    fc.record(
      {
        phase: fc.array(fc.constantFrom(...phases), { minLength: 1, maxLength: 4 }),
        status: several((row) => statusLabels[row.phase].en),
        area: several((row) => row.area),
        activity: several((row) => row.activities[0]!),
        product: several((row) => row.products[0]!),
        partnerId: several((row) => row.partnerId),
        tenantId: several((row) => row.tenantId),
        customer: words((row) => row.customer),
        reason: several((row) => row.reasons[0] ?? 'no_reason'),
        tag: several((row) => row.tags[0] ?? 'no-tag'),
        externalReference: some((row) => row.externalReference ?? 'none'),
        isOpen: fc.boolean(),
        dueAfter: instants,
        dueBefore: instants,
        updatedAfter: some((row) => new Date(row.updatedAt).toISOString()),
        q: fc.oneof(
          words((row) => row.name),
          words((row) => row.domain),
          some((row) => row.number.replace('CLM-', '')),
        ),
      },
      { requiredKeys: [] },
    );
  /** At most three filters at once, because more would match nothing. */
  const fewFilters = () =>
    fc.tuple(filters(), fc.integer({ min: 0, max: 3 }), fc.infiniteStream(fc.nat(999))).map(([filter, count, chances]): ClaimFilter => {
      const shuffled = Object.entries(filter).map((entry) => ({ entry, chance: chances.next().value! }));
      return Object.fromEntries(
        shuffled
          .sort((a, b) => a.chance - b.chance)
          .slice(0, count)
          .map(({ entry }) => entry),
      );
    });

  const companies: Scope[] = [greatestPartner.accountId, 'nobody'].map((accountId) => ({ kind: 'partner', accountId, locations: 'all' }));
  const reaches: (Reach | undefined)[] = [
    undefined,
    { walked: 60, collected: 100, cost: Infinity },
    { walked: 60, collected: 1e6, cost: Infinity },
    { walked: 60, collected: 1e6, cost: 0 },
    { walked: 7, collected: 0, cost: Infinity },
  ];

  it('returns every match once and in order for any filter, sort, page size and scope', async () => {
    let found = 0;
    let short = 0;
    await fc.assert(
      fc.asyncProperty(
        fewFilters(),
        fc.constantFrom(...sorts),
        fc.boolean(),
        fc.integer({ min: 25, max: 400 }),
        fc.constantFrom(everything, everything, ...companies),
        fc.constantFrom(...reaches),
        async (filter, by, isDescending, limit, scope, reach) => {
          const listed = await pageThrough(async (after) => {
            const page = await listClaims(database.source.manager, scope, filter, { sort: { by, isDescending }, after, limit }, reach);
            if (page.next !== null && page.rows.length < limit) short += 1;
            return page;
          });
          const isVisible = ({ accountId }: OracleRow) =>
            scope.kind === 'everything' || (scope as { accountId: string }).accountId === accountId;
          const expected = inOrder(
            rows.filter((row) => isVisible(row) && matches(row, filter)),
            by,
            isDescending,
          );
          found += expected.length;
          expect(listed.map(({ claimId }) => claimId)).to.deep.equal(expected);
        },
      ),
      { numRuns: 250 },
    );
    expect(found).to.be.greaterThan(5_000);
    expect(short).to.be.greaterThan(50);
  });

  it('shows a reviewer the whole review queue, most urgent first, for any filter and scope', async () => {
    const queued = await database.source.query<{ claimId: string; account: string; isCompeting: boolean }[]>(
      `SELECT claim_id AS "claimId", partner_account_id AS account, is_competing AS "isCompeting" FROM claims
       WHERE review_due_at IS NOT NULL AND NOT 'reviewer-3' = ANY (barred_reviewers) ORDER BY review_due_at, claim_id`,
    );
    const byId = new Map(rows.map((row) => [row.claimId, row]));
    const { account } = queued[0]!;
    const reader = { subject: 'reviewer-3', partnerAccountId: null, actsFor: [account] };
    const filters: (ClaimFilter & { isCompeting?: boolean })[] = [
      {},
      { isCompeting: true },
      { isCompeting: false, area: ['business_applications'] },
      { q: 'teams' },
      { phase: ['disputed'] },
      { partnerId: [byId.get(queued.at(-1)!.claimId)!.partnerId] },
    ];
    for (const { isCompeting, ...filter } of filters) {
      const isWanted = (claim: (typeof queued)[number]) => isCompeting === undefined || claim.isCompeting === isCompeting;
      const expected = queued.filter((claim) => claim.account !== account && isWanted(claim) && matches(byId.get(claim.claimId)!, filter));
      expect(expected, JSON.stringify(filter)).not.to.deep.equal([]);
      for (const reach of reaches) {
        const listed = await pageThrough((after) =>
          listReviews(database.source.manager, everything, reader, { ...filter, isCompeting }, { after, limit: 20 }, reach),
        );
        expect(listed.map(({ claimId }) => claimId)).to.deep.equal(expected.map(({ claimId }) => claimId));
      }
    }
  });

  it('returns cursors that name only claims the caller may see', async () => {
    const [company] = companies;
    const own = new Set(rows.filter(({ accountId }) => accountId === greatestPartner.accountId).map(({ claimId }) => claimId));
    const places: string[] = [];
    for (const by of sorts) {
      const listing = { sort: { by, isDescending: false }, limit: 20 };
      await pageThrough(async (after) => {
        const reach = { walked: 30, collected: 0, cost: 0 };
        const page = await listClaims(database.source.manager, company!, { q: 'teams' }, { ...listing, after }, reach);
        if (page.next !== null) places.push(page.next.id);
        return page;
      });
    }
    expect(places.length).to.be.greaterThan(50);
    expect(places.filter((id) => !own.has(id))).to.deep.equal([]);
  });

  for (const name of ['phase', 'status', 'area', 'activity', 'product', 'partnerId', 'tenantId', 'customer', 'reason', 'tag'] as const) {
    it(`filters by ${name} alone`, async () => {
      const pick: Record<typeof name, (row: OracleRow) => string | undefined> = {
        phase: (row) => row.phase,
        status: (row) => statusLabels[row.phase].en,
        area: (row) => row.area,
        activity: (row) => row.activities[0],
        product: (row) => row.products[0],
        partnerId: (row) => row.partnerId,
        tenantId: (row) => row.tenantId,
        customer: (row) => row.customer,
        reason: (row) => row.reasons[0],
        tag: (row) => row.tags[0],
      };
      const value = rows.map(pick[name]).find((picked) => picked !== undefined)!;
      const filter = { [name]: name === 'customer' ? value : [value] } as ClaimFilter;
      const expected = inOrder(
        rows.filter((row) => matches(row, filter)),
        'number',
        false,
      );
      expect(expected.length).to.be.within(1, claims - 1);
      expect((await find(filter)).map(({ claimId }) => claimId)).to.deep.equal(expected);
    });
  }

  it('stays within the scope, whatever the search', async () => {
    const { accountId, locations } = greatestPartner;
    const foreign = rows.find((row) => row.accountId !== accountId)!;
    const elsewhere = rows.find((row) => row.accountId === accountId && !locations.includes(row.partnerId))!;
    const company: Scope = { kind: 'partner', accountId, locations: 'all' };
    const clerk: Scope = { kind: 'partner', accountId, locations };
    const traces = (row: OracleRow): ClaimFilter[] => [
      { q: row.number },
      { q: row.claimId },
      { q: row.claimId.slice(0, 8) },
      { q: row.domain },
      { q: row.name },
      { customer: row.customer },
      { tenantId: [row.tenantId] },
      { partnerId: [row.partnerId] },
      { isOpen: row.isOpen },
      {},
    ];
    for (const filter of traces(foreign)) {
      expect(await numbersOf(filter), JSON.stringify(filter)).to.include(foreign.number);
      expect(await numbersOf(filter, company), JSON.stringify(filter)).not.to.include(foreign.number);
    }
    for (const filter of traces(elsewhere)) {
      expect(await numbersOf(filter, company), JSON.stringify(filter)).to.include(elsewhere.number);
      expect(await numbersOf(filter, clerk), JSON.stringify(filter)).not.to.include(elsewhere.number);
      expect(await numbersOf(filter, { kind: 'nothing' })).to.deep.equal([]);
    }
    expect(await numbersOf({}, clerk)).to.have.length(
      rows.filter((row) => row.accountId === accountId && locations.includes(row.partnerId)).length,
    );
  });

  it('neither loses nor repeats a claim during concurrent writes, unless the claim moves in the order', async () => {
    const { source } = database;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sorts),
        fc.boolean(),
        fc.integer({ min: 40, max: 300 }),
        fc.integer(),
        async (by, isDescending, size, seed) => {
          const filter: ClaimFilter = {
            phase: ['official', 'submitted', 'ended'],
            ...(seed % 2 === 0 && { activity: ['usage', 'presales'] }),
          };
          const reach = { walked: 100, collected: 0, cost: 0 };
          const before = await source.query<OracleRow[]>(oracleSql);
          const [{ asOf }] = await source.query<[{ asOf: string }]>(`SELECT to_json(cpor_now() - interval '1 ms') #>> '{}' AS "asOf"`);
          let round = seed;
          const list = (after: Parameters<typeof listClaims>[3]['after']) =>
            listClaims(source.manager, everything, filter, { sort: { by, isDescending }, after, limit: size }, reach);
          const pages = await pageThrough(list, () => disturb(round++));
          const { rows: changes } = await listClaims(
            source.manager,
            everything,
            { ...filter, updatedAfter: asOf },
            { sort: { by, isDescending }, limit: 10_000 },
          );
          const after = await source.query<OracleRow[]>(oracleSql);
          const versions = new Map(after.map((row) => [row.claimId, row.updatedAt]));
          const untouched = before
            .filter((row) => versions.get(row.claimId) === row.updatedAt && matches(row, filter))
            .map((row) => row.claimId);
          const seen = pages.map(({ claimId }) => claimId);
          expect(
            seen.filter((id) => untouched.includes(id)),
            'unchanged claims are listed once, in order',
          ).to.deep.equal(
            inOrder(
              before.filter((row) => untouched.includes(row.claimId)),
              by,
              isDescending,
            ),
          );
          const known = new Set([...seen, ...changes.map(({ claimId }) => claimId)]);
          expect(
            after.filter((row) => matches(row, filter) && !known.has(row.claimId)),
            'every match is listed or reported as changed',
          ).to.deep.equal([]);
          const repeated = pages.filter(({ claimId }, index) => seen.indexOf(claimId) !== index);
          for (const again of repeated) {
            const first = pages.find(({ claimId }) => claimId === again.claimId)!;
            expect(again.updatedAt > first.updatedAt, 'a repeated claim has changed').to.equal(true);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is counted exactly at every moment during concurrent writes', async () => {
    const { source } = database;
    const { accountId, locations } = greatestPartner;
    const scopes: Scope[] = [everything, ...companies, { kind: 'partner', accountId, locations }];
    const compare = async () => {
      const runner = source.createQueryRunner();
      await runner.startTransaction('REPEATABLE READ');
      for (const scope of scopes) {
        const { phases: counted } = await countClaims(runner.manager, scope);
        const parameters = scope.kind === 'partner' ? [scope.accountId, scope.locations === 'all' ? null : scope.locations] : [null, null];
        const found = await runner.query(
          `SELECT phase, count(*)::int AS claims FROM claims WHERE partner_account_id = coalesce($1, partner_account_id)
             AND partner_id = ANY(coalesce($2::text[], ARRAY[partner_id])) GROUP BY phase`,
          parameters,
        );
        expect(counted.filter(({ claims: count }) => count > 0)).to.have.deep.members(found);
      }
      await runner.rollbackTransaction();
      await runner.release();
    };
    let isWriting = true;
    const writing = Promise.all(
      [1, 2, 3, 4].map(async (lane) => {
        for (let round = 0; round < 15; round++) await disturb(lane * 1_000 + round);
      }),
    ).finally(() => (isWriting = false));
    let compared = 0;
    for (; isWriting; compared++) await compare();
    await writing;
    await compare();
    expect(compared).to.be.greaterThan(3);
    // All changes may be summed up by now, so only the sequence still shows how many there were.
    const [left] = await asSuperuser<{ changes: number; last: number }>(
      database,
      `SELECT (SELECT count(*)::int FROM claim_count_changes) AS changes,
         pg_sequence_last_value(pg_get_serial_sequence('claim_count_changes', 'change_id'))::int AS last`,
    );
    expect(left!.last).to.be.greaterThan(2_000);
    expect(left!.changes).to.be.lessThan(2_000);
  });

  /** Changes every sort key of some claims, with a new `updated_at` as a command would set it. Locks claims in a fixed order, so that concurrent calls never deadlock. */
  async function disturb(seed: number): Promise<void> {
    await database.source.query(
      `UPDATE claims SET updated_at = cpor_now(), name = md5(name || $1), partner_id = 1000 + hashtext(number || $1) % 900, area = left(md5(area || $1), 4),
         domain = md5(domain || $1), customer_name = md5($1 || number), external_reference = md5(number || $1), tenant_id = md5($1 || number)::uuid,
         phase = (ARRAY['official', 'submitted', 'ended', 'draft'])[1 + abs(hashtext($1 || number)) % 4],
         is_open = true, due_at = date_trunc('milliseconds', clock_timestamp()) + (hashtext($1 || number) % 1000) * interval '1 minute'
       WHERE claim_id IN (SELECT claim_id FROM claims WHERE abs(hashtext(number || $1)) % 29 = 0 ORDER BY claim_id FOR UPDATE)`,
      [String(seed)],
    );
  }
});
