import { expect } from 'chai';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimFilter, claimListSql, listClaims } from '#libs/read-models/index.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';

const everything = { kind: 'everything' } as Scope;

describe('a search for claims', function () {
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

  /** Returns the claims that the word index finds. */
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
    it(`accepts ${why}: ${q}`, async () => {
      expect(await numbers({ q })).to.deep.equal(found);
      expect(await lookedUp({ q })).to.deep.equal(found);
    });
  }

  it('accepts a prefix of more words than are looked up individually', async () => {
    await asSuperuser(database, `INSERT INTO known_words SELECT 'logist' || i FROM generate_series(1, 70) i`);
    expect(await lookedUp({ q: 'blue logist' })).to.deep.equal([1000]);
    expect(await lookedUp({ q: 'blue logist7' })).to.deep.equal([]);
  });

  it('finds a renamed claim by its new words', async () => {
    await database.source.query(`UPDATE claims SET name = 'Заметка' WHERE number = 'CLM-1234567'`);
    expect(await lookedUp({ q: 'замет' })).to.deep.equal([1234567]);
  });

  it('finds customers by name and domain, not by the name of the claim', async () => {
    expect(await lookedUp({ customer: 'northw' })).to.deep.equal([42]);
    expect(await lookedUp({ customer: 'teams' })).to.deep.equal([]);
    expect(await numbers({ customer: 'northw' })).to.deep.equal([42]);
    expect(await numbers({ customer: 'blueheron' })).to.deep.equal([1000]);
    expect(await numbers({ customer: 'teams' })).to.deep.equal([]);
  });
});
