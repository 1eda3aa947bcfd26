import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Scope } from '#libs/auth/index.js';
import { phases, statusLabels } from '#libs/claims/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import {
  type ClaimFilter,
  type ClaimSort,
  claimListSql,
  claimSorts,
  countClaims,
  listClaims,
  listReviews,
  type Reach,
} from '#libs/read-models/index.js';
import { greatestPartner, loadClaims } from '../../bench/load-claims.js';
import { addTenants, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { listColumnsSql } from '../../support/derived-columns.js';
import { fits, inOrder, type OracleRow, oracleSql, pageThrough } from '../../support/list-oracle.js';
import { TestDirectory } from '../../support/worker.js';

const everything = { kind: 'everything' } as Scope;
const sorts = Object.keys(claimSorts) as ClaimSort[];
const claims = 1_500;

describe('Lists of claims', function () {
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

  /** Values that claims have, and some that none has. */
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
  /** At most three at once: more of them find nothing. */
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

  it('find exactly what fits, in order, every claim once, whatever the filter, the sort, the page and its reach', async () => {
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
            rows.filter((row) => isVisible(row) && fits(row, filter)),
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

  it('hold, as a queue, all that a reviewer may act on, the least time left first, whatever the filter and the reach', async () => {
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
      const isWanted = (one: (typeof queued)[number]) => isCompeting === undefined || one.isCompeting === isCompeting;
      const expected = queued.filter((one) => one.account !== account && isWanted(one) && fits(byId.get(one.claimId)!, filter));
      expect(expected, JSON.stringify(filter)).not.to.deep.equal([]);
      for (const reach of reaches) {
        const listed = await pageThrough((after) =>
          listReviews(database.source.manager, everything, reader, { ...filter, isCompeting }, { after, limit: 20 }, reach),
        );
        expect(listed.map(({ claimId }) => claimId)).to.deep.equal(expected.map(({ claimId }) => claimId));
      }
    }
  });

  it('name no place but of what the caller may see', async () => {
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
    it(`narrow by ${name} alone to what fits`, async () => {
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
      const value = rows.map(pick[name]).find((one) => one !== undefined)!;
      const filter = { [name]: name === 'customer' ? value : [value] } as ClaimFilter;
      const expected = inOrder(
        rows.filter((row) => fits(row, filter)),
        'number',
        false,
      );
      expect(expected.length).to.be.within(1, claims - 1);
      expect((await find(filter)).map(({ claimId }) => claimId)).to.deep.equal(expected);
    });
  }

  it('keep to the scope, whatever is searched', async () => {
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

  it('lose no claim and double none while claims are written, but for what moved, which comes again or is told as a change', async () => {
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
            .filter((row) => versions.get(row.claimId) === row.updatedAt && fits(row, filter))
            .map((row) => row.claimId);
          const seen = pages.map(({ claimId }) => claimId);
          expect(
            seen.filter((id) => untouched.includes(id)),
            'untouched claims come once, in order',
          ).to.deep.equal(
            inOrder(
              before.filter((row) => untouched.includes(row.claimId)),
              by,
              isDescending,
            ),
          );
          const told = new Set([...seen, ...changes.map(({ claimId }) => claimId)]);
          expect(
            after.filter((row) => fits(row, filter) && !told.has(row.claimId)),
            'nothing that fits stays unknown',
          ).to.deep.equal([]);
          const doubled = pages.filter(({ claimId }, index) => seen.indexOf(claimId) !== index);
          for (const again of doubled) {
            const first = pages.find(({ claimId }) => claimId === again.claimId)!;
            expect(again.updatedAt > first.updatedAt, 'what comes again has changed').to.equal(true);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are counted exactly at every moment while they are written', async () => {
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
    // They may all be summed up by now, so that the last is known to its sequence alone.
    const [left] = await asSuperuser<{ changes: number; last: number }>(
      database,
      `SELECT (SELECT count(*)::int FROM claim_count_changes) AS changes,
         pg_sequence_last_value(pg_get_serial_sequence('claim_count_changes', 'change_id'))::int AS last`,
    );
    expect(left!.last).to.be.greaterThan(2_000);
    expect(left!.changes).to.be.lessThan(2_000);
  });

  /** Writes what every sort goes by, on some claims, as a command would: with a new instant of change. Locked in one order, many at once. */
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

describe('A search of claims', function () {
  this.timeout(60_000);
  let database: TestDatabase;

  const named: [name: string, number: string, domain: string, customer: string][] = [
    ['Teams adoption', 'CLM-000042', 'northwind-traders.example', 'Northwind Traders'],
    ['Внедрение Ёлки', 'CLM-000420', 'север.example', 'ООО «Север»'],
    ['Plan B for Exchange', 'CLM-001000', 'blueheron.example', 'Blue Heron Logistics'],
    ['Ｆｕｌｌｗｉｄｔｈ 100%_*', 'CLM-1234567', 'x.example', "O'Reilly & Sons"],
  ];

  before(async () => {
    database = await createTestDatabase();
    for (const [index, [name, number, domain, customer]] of named.entries()) {
      await database.source.query(
        `INSERT INTO claims (claim_id, number, version, partner_account_id, name, domain, customer_name) VALUES ($1, $2, 1, 'one', $3, $4, $5)`,
        [`0000000${index}-aaaa-4bbb-8ccc-${String(index).repeat(12)}`, number, name, domain, customer],
      );
    }
  });
  after(() => database?.close());

  const numbers = async (filter: ClaimFilter) => {
    const { sql, parameters } = claimListSql({ kind: 'everything' }, filter, { sort: { by: 'number', isDescending: false } });
    return (await database.source.query<{ number: string }[]>(sql, parameters)).map(({ number }) => Number(number.slice(4)));
  };

  /** What the index of words finds. */
  const lookedUp = async (filter: ClaimFilter) => {
    const listing = { sort: { by: 'number', isDescending: false }, limit: 10 } as const;
    const reach = { walked: 1, collected: 10, cost: Infinity };
    const { rows } = await listClaims(database.source.manager, everything, filter, listing, reach);
    return rows.map(({ number }) => Number(number.slice(4)));
  };

  const searches: [why: string, q: string, found: number[]][] = [
    ['a word', 'adoption', [42]],
    ['the beginning of a word', 'adop', [42]],
    ['not the end of one', 'doption', []],
    ['any case', 'TEAMS', [42]],
    ['Russian in any case', 'внедр', [420]],
    ['ё as е', 'елки', [420]],
    ['е as ё', 'ёлк', [420]],
    ['all words, in any order', 'traders teams', [42]],
    ['only the last word as a beginning', 'tea adopt', []],
    ['nothing when one word is missing', 'teams exchange', []],
    ['a number', 'CLM-000042', [42]],
    ['a number in lower case', 'clm-000042', [42]],
    ['a number without zeros, and those that begin so', '42', [42, 420]],
    ['the beginning of a number', 'CLM-0004', [420]],
    ['a number of seven digits', 'CLM-1234567', [1234567]],
    ['a domain', 'northwind-traders.example', [42]],
    ['a domain that is not yet written out', 'northwind-traders.ex', [42]],
    ['a domain as whole words', 'north.example', []],
    ['part of a domain', 'heron', [1000]],
    ['a Russian domain', 'Север.example', [420]],
    ['a customer', 'logistics', [1000]],
    ['a single letter as a whole word alone', 'b', [1000]],
    ['full-width letters as plain ones', 'fullwidth', [1234567]],
    ['the beginning of an id', '00000001-aaaa', [420]],
    ['a whole id', '00000002-aaaa-4bbb-8ccc-222222222222', [1000]],
    ['no operators', 'teams | exchange', []],
    ['no negation', '!teams', [42]],
    ['wild cards as spaces', '%do_tion', []],
    ['quotes as spaces', `o'reilly "sons"`, [1234567]],
    ['nothing by signs alone', '&|!():*', []],
    ['nothing by a backslash', '\\', []],
  ];
  for (const [why, q, found] of searches) {
    it(`takes ${why}: ${q}`, async () => {
      expect(await numbers({ q })).to.deep.equal(found);
      expect(await lookedUp({ q })).to.deep.equal(found);
    });
  }

  it('takes the beginning of more words than are looked up one by one', async () => {
    await asSuperuser(database, `INSERT INTO known_words SELECT 'logist' || i FROM generate_series(1, 70) i`);
    expect(await lookedUp({ q: 'blue logist' })).to.deep.equal([1000]);
    expect(await lookedUp({ q: 'blue logist7' })).to.deep.equal([]);
  });

  it('knows the words of a claim that was renamed', async () => {
    await database.source.query(`UPDATE claims SET name = 'Заметка' WHERE number = 'CLM-1234567'`);
    expect(await lookedUp({ q: 'замет' })).to.deep.equal([1234567]);
  });

  it('looks for customers by name and domain, not by the name of the claim', async () => {
    expect(await lookedUp({ customer: 'northw' })).to.deep.equal([42]);
    expect(await lookedUp({ customer: 'teams' })).to.deep.equal([]);
    expect(await numbers({ customer: 'northw' })).to.deep.equal([42]);
    expect(await numbers({ customer: 'blueheron' })).to.deep.equal([1000]);
    expect(await numbers({ customer: 'teams' })).to.deep.equal([]);
  });
});

describe('The columns of lists', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  const columns =
    'area, domain, products, activities, tags, reasons, due_at, due_clock, is_breached, review_due_at, is_competing, barred_reviewers, customer_name';
  const read = () => database.source.query<Record<string, unknown>[]>(`SELECT ${columns} FROM claims ORDER BY number`);

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database?.close());

  it('are filled for claims that were there before as for those that come after', async () => {
    const { source } = database;
    const around = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const tenants = await addTenants(source, 4);
    const claim = async (...acts: ((claim: TestClaim) => Promise<unknown>)[]): Promise<void> => {
      const made = new TestClaim(around, { tenant: tenants.pop()!, products: ['teams', 'exchange'] });
      await made.draft();
      await made.addEvidence();
      for (const act of acts) {
        await act(made);
        await made.execute();
      }
    };
    const submit = (made: TestClaim) => made.accept('submitClaim', made.partner, {});
    const reject = (made: TestClaim) => made.accept('rejectClaim', reviewer, { reason: 'evidence_insufficient' });
    const dispute = (made: TestClaim) => made.accept('openDispute', made.partner, { textId: '5f1c2d9e-7c43-4a0e-9d0b-0d7a3c1b2e11' });
    await claim();
    await claim(submit);
    await claim(submit, (made) => made.accept('requestInformation', reviewer, { reasons: ['evidence_all_missing'], lines: [1] }));
    await claim(submit, reject, dispute);
    const written = await read();
    expect(written.map((row) => [row['due_clock'], row['reasons'], row['barred_reviewers'], row['review_due_at'] === null])).to.deep.equal([
      [null, [], ['partner-of-1240371'], true],
      ['K1', [], ['partner-of-1240371'], false],
      ['K1', ['evidence_all_missing'], ['partner-of-1240371'], false],
      ['K8', ['evidence_insufficient'], ['partner-of-1240371', 'reviewer-1'], false],
    ]);
    expect(written.map((row) => row['customer_name'])).to.have.members(['Customer 0', 'Customer 1', 'Customer 2', 'Customer 3']);
    await source.query(listColumnsSql);
    expect(await read()).to.deep.equal(written);
  });

  it('name the customer only while the claim states one of its domains', async () => {
    const { source } = database;
    const around = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const [tenant] = await addTenants(source, 1);
    const claim = new TestClaim(around, { tenant: tenant! });
    await claim.draft();
    await asSuperuser(database, 'DELETE FROM directory_answers');
    const answer = (domains: string[]) =>
      source.query('INSERT INTO directory_answers (claim_id, asked_at, facts) VALUES ($1, clock_timestamp(), $2)', [
        claim.claimId,
        { tenant: { tenantId: tenant!.tenantId, name: 'Customer of somebody', domains } },
      ]);
    const named = async () => {
      await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' });
      await claim.execute();
      return (await read())[0]!['customer_name'];
    };
    expect(await named()).to.equal('');
    await answer(['not-stated.example', `x${tenant!.domain}`]);
    expect(await named()).to.equal('');
    await answer([tenant!.domain]);
    expect(await named()).to.equal('Customer of somebody');
  });

  it('say of loaded claims what their states say', async () => {
    await loadClaims(database.ownerUrl, 400, () => undefined);
    const withoutName = (rows: Record<string, unknown>[]) => rows.map(({ customer_name: _, ...row }) => row);
    const loaded = await read();
    await database.source.query(listColumnsSql);
    expect(withoutName(await read())).to.deep.equal(withoutName(loaded));
  });
});
