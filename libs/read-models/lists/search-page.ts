import type { EntityManager } from 'typeorm';
import type { AskedOf } from './claim-filter.js';
import { Conditions } from './conditions.js';
import { cutPage, type Order, ordered, type Page, type Place, type SortColumn } from './keyset-page.js';

/** Adds conditions on claims `c`. */
export type Narrow = (where: Conditions) => void;

/** A page of claims that a filter picks out, of which no index says how many there are, or where in the order they lie. */
export interface Search {
  /** What is read of `c`. */
  columns: string;
  column: SortColumn;
  sort: Order;
  after?: Place | undefined;
  limit: number;
  /** Conditions under which an index has the claims in the order. */
  walked: Narrow;
  /** What the caller may see. */
  visible: Narrow;
  /** What fits, of what the caller may see. */
  wanted: (where: Conditions, asked: AskedOf) => void;
}

/** How much is read for one page. */
export interface Reach {
  /** How many claims are looked at in their order. */
  walked: number;
  /** How many claims are gone through and sorted. */
  collected: number;
  /** What PostgreSQL may expect that to cost: in its units, about as much as going through so many claims. */
  cost: number;
}

const usualReach: Reach = { walked: 4_000, collected: 5_000, cost: 12_000 };

type Queryable = Pick<EntityManager, 'query'>;
type Identified = { claimId: string };
type Read<Row, Note> = Row & { sortValue: string; note: Note };

/** What is found out of a claim while claims are walked. */
interface Walked {
  fits: boolean;
  isVisible: boolean;
  /** How many claims were walked up to this one, and whether it is the last of them. */
  place: number;
  isLast: boolean;
}

/**
 * What is frequent fills a page from the next few claims of the order; what is rare can be collected and sorted. What is neither, since it
 * lies far ahead in the order, takes several pages: a page then holds what those few claims had, be it nothing, and goes on after them.
 */
export async function readPage<Row extends Identified>(database: Queryable, search: Search, reach = usualReach): Promise<Page<Row>> {
  const walked = await walk<Row>(database, search, reach);
  const near = cut(
    walked.filter(({ note }) => note.fits),
    search,
  );
  const last = walked.at(-1);
  const isEnd = last === undefined || (last.note.isLast && last.note.place < reach.walked);
  if (isEnd || near.next !== null) return near;
  const isHalfFull = 2 * near.rows.length >= search.limit;
  const side = isHalfFull ? null : await cheapestSide(database, search, reach);
  const all = side === null ? null : await collect<Row>(database, search, side, reach.collected);
  if (all !== null) return all;
  const next = last.note.isVisible ? { value: last.sortValue, id: last.claimId } : await lastVisible(database, search, reach);
  // No place that the caller may know of: what the caller may see at all is collected, however much.
  return next === null ? (await collect<Row>(database, search, 'visible', null))! : { rows: near.rows, next };
}

const cut = <Row extends Identified, Note>(read: Read<Row, Note>[], { limit }: Search): Page<Row> =>
  cutPage<Row>(
    read.map(({ note: _, ...row }) => row as unknown as Row & { sortValue: string }),
    limit,
    (row) => row.claimId,
  );

/** Of the next claims in the order those that fit, one more than a page; or else all that fit, and the last one walked. */
function walk<Row>(database: Queryable, search: Search, reach: Reach): Promise<Read<Row, Walked>[]> {
  const { next, value, parameters } = nextSql(search, reach);
  const visible = narrowed(search.visible, parameters);
  const wanted = narrowed((where) => search.wanted(where, 'rows'), parameters);
  const walked = `SELECT c.*, (${visible}) AS is_visible, (${visible}) AND (${wanted}) AS fits, row_number() OVER () AS place,
    lead(false, 1, true) OVER () AS is_last FROM (${next}) c`;
  return database.query(
    `SELECT ${search.columns},
       json_build_object('fits', c.fits, 'isVisible', c.is_visible, 'place', c.place, 'isLast', c.is_last) AS note
     FROM (SELECT c.*, ${value} AS sort_value FROM (${walked}) c WHERE c.fits OR c.is_last LIMIT $${parameters.push(search.limit + 1)}) c`,
    parameters,
  );
}

/** The last of the next claims in the order that the caller may see. */
async function lastVisible(database: Queryable, search: Search, reach: Reach): Promise<Place | null> {
  const { next, value, parameters, backwards } = nextSql(search, reach);
  const visible = narrowed(search.visible, parameters);
  const [last] = await database.query<Place[]>(
    `SELECT c.claim_id AS id, ${value} AS value FROM (${next}) c WHERE ${visible} ORDER BY ${backwards} LIMIT 1`,
    parameters,
  );
  return last ?? null;
}

function nextSql({ column, sort, after, walked }: Search, reach: Reach) {
  const where = new Conditions();
  walked(where);
  const { condition, orderBy, value } = ordered(column, 'c.claim_id', sort, after, where);
  const { orderBy: backwards } = ordered(column, 'c.claim_id', { ...sort, isDescending: !sort.isDescending }, undefined, where);
  if (condition !== null) where.add(condition);
  const limit = where.parameter(reach.walked);
  const next = `SELECT c.* FROM claims c WHERE ${where.sql} ORDER BY ${orderBy} LIMIT ${limit}`;
  return { next, value, parameters: where.parameters, backwards };
}

/** Claims are collected from what fits, whoever asks, or from what the caller may see: either may be rare. */
type Side = 'wanted' | 'visible';

/** A page of all that fits, collected and sorted; null when more than so many would have to be gone through. */
async function collect<Row extends Identified>(
  database: Queryable,
  search: Search,
  side: Side,
  most: number | null,
): Promise<Page<Row> | null> {
  const { column, sort, after, visible, wanted, columns, limit } = search;
  const where = new Conditions();
  const { parameters } = where;
  const conditions = {
    wanted: narrowed((one) => wanted(one, side === 'wanted' ? 'index' : 'rows'), parameters),
    visible: narrowed(visible, parameters),
  };
  const gone = `SELECT c.* FROM claims c WHERE ${conditions[side]} LIMIT ${where.parameter(most === null ? null : most + 1)}::bigint`;
  const { condition, orderBy, value } = ordered(column, 'c.claim_id', sort, after, where);
  const page = `SELECT c.*, ${value} AS sort_value FROM gone c
    WHERE ${conditions.wanted} AND ${conditions.visible} AND ${condition ?? 'true'} ORDER BY ${orderBy} LIMIT ${where.parameter(limit + 1)}`;
  const read = await database.query<Read<Row, number>[]>(
    `WITH gone AS MATERIALIZED (${gone})
     SELECT ${columns}, counted.gone AS note FROM (SELECT count(*)::int AS gone FROM gone) counted LEFT JOIN (${page}) c ON true ORDER BY ${orderBy}`,
    parameters,
  );
  const isTooMuch = most !== null && read[0]!.note > most;
  return isTooMuch
    ? null
    : cut(
        read.filter(({ claimId }) => claimId !== null),
        search,
      );
}

/** The side that PostgreSQL expects less of, if it is little: it knows how frequent words, products and tags are. */
async function cheapestSide(database: Queryable, { visible, wanted }: Search, { cost: most }: Reach): Promise<Side | null> {
  const costs = {
    wanted: await costOf(database, (where) => wanted(where, 'rows')),
    visible: await costOf(database, visible),
  };
  const side = costs.visible < costs.wanted ? 'visible' : 'wanted';
  return costs[side] <= most ? side : null;
}

async function costOf(database: Queryable, narrow: Narrow): Promise<number> {
  type Explained = [{ 'QUERY PLAN': [{ Plan: { 'Total Cost': number; 'Plan Rows': number } }] }];
  const parameters: unknown[] = [];
  const [explained] = await database.query<Explained>(
    `EXPLAIN (FORMAT JSON) SELECT c.* FROM claims c WHERE ${narrowed(narrow, parameters)}`,
    parameters,
  );
  const { 'Total Cost': cost, 'Plan Rows': rows } = explained['QUERY PLAN'][0].Plan;
  // Where it reads several indexes it takes the cost for less than the claims that it knows to be there.
  return Math.max(cost, rows);
}

function narrowed(narrow: Narrow, parameters: unknown[]): string {
  const where = new Conditions(parameters);
  narrow(where);
  return where.sql;
}
