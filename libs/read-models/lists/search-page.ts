import type { EntityManager } from 'typeorm';
import type { AskedOf } from './claim-filter.js';
import { Conditions } from './conditions.js';
import { cutPage, type Order, ordered, type Page, type PagingColumns, type Place, type SortColumn } from './keyset-page.js';

/** Adds conditions on claims `c`. */
export type Narrow = (where: Conditions) => void;

/** A page of a search for which no index knows how many claims match, or where they are in the order. */
export interface Search {
  /** The columns to read of `c`. */
  columns: string;
  column: SortColumn;
  sort: Order;
  after?: Place | undefined;
  limit: number;
  /** Conditions under which an index holds the claims in the order of the list. */
  walked: Narrow;
  /** The claims that the caller may see. */
  visible: Narrow;
  /** The claims that match the filter, whoever asks. */
  wanted: (where: Conditions, asked: AskedOf) => void;
}

/** How much may be read for one page. */
export interface Reach {
  /** Claims to look at in the order of the list. */
  walked: number;
  /** Claims to collect and sort. */
  collected: number;
  /** PostgreSQL's estimate up to which collecting is tried, in its cost units: about one for every claim that is read. */
  cost: number;
}

/** Keeps every search within about 35 ms on a million claims (docs/reference/lists-at-a-million.md). */
const usualReach: Reach = { walked: 4_000, collected: 5_000, cost: 12_000 };

type Queryable = Pick<EntityManager, 'query'>;
type Identified = { claimId: string };
type Found<Row, Note> = Row & { sortValue: string; note: Note };
type FoundPage<Row> = Page<Omit<Found<Row, unknown>, keyof PagingColumns>>;

/** What a walk notes of each claim. */
interface Walked {
  fits: boolean;
  isVisible: boolean;
  /** How many claims were walked up to this one, and whether it is the last. */
  place: number;
  isLast: boolean;
}

/**
 * Reads one page of a search. Frequent matches fill it from the next few claims of the order; rare ones can be collected and sorted. Matches that
 * are neither, because they lie far ahead, take several pages: each holds the matches among those few claims, possibly none, and continues after.
 */
export async function readPage<Row extends Identified>(database: Queryable, search: Search, reach = usualReach): Promise<FoundPage<Row>> {
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
  const collected = side === null ? null : await collect<Row>(database, search, side, reach.collected);
  if (collected !== null) return collected;
  const next = last.note.isVisible ? { value: last.sortValue, id: last.claimId } : await lastVisible(database, search, reach);
  // There is no place that the caller may know of, so all claims that the caller may see are collected, however many.
  return next === null ? (await collect<Row>(database, search, 'visible', null))! : { rows: near.rows, next };
}

const cut = <Row extends Identified>(found: Found<Row, unknown>[], { limit }: Search): FoundPage<Row> =>
  cutPage(found, limit, ({ claimId }) => claimId);

/** Reads the matches among the next claims of the order, one more than a page; if there are fewer, also the last claim walked. */
function walk<Row>(database: Queryable, search: Search, reach: Reach): Promise<Found<Row, Walked>[]> {
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

/** Finds the last of the next claims in the order that the caller may see. */
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

/** Claims are collected either from those that match, whoever asks, or from those that the caller may see: both may be few. */
type Side = 'wanted' | 'visible';

/** Collects and sorts every match, and returns a page of them; null when more than `most` claims would have to be read. */
async function collect<Row extends Identified>(
  database: Queryable,
  search: Search,
  side: Side,
  most: number | null,
): Promise<FoundPage<Row> | null> {
  const { column, sort, after, visible, wanted, columns, limit } = search;
  const where = new Conditions();
  const { parameters } = where;
  const conditions = {
    wanted: narrowed((narrower) => wanted(narrower, side === 'wanted' ? 'index' : 'rows'), parameters),
    visible: narrowed(visible, parameters),
  };
  const collected = `SELECT c.* FROM claims c WHERE ${conditions[side]} LIMIT ${where.parameter(most === null ? null : most + 1)}::bigint`;
  const { condition, orderBy, value } = ordered(column, 'c.claim_id', sort, after, where);
  const page = `SELECT c.*, ${value} AS sort_value FROM collected c
    WHERE ${conditions.wanted} AND ${conditions.visible} AND ${condition ?? 'true'} ORDER BY ${orderBy} LIMIT ${where.parameter(limit + 1)}`;
  const found = await database.query<Found<Row, number>[]>(
    `WITH collected AS MATERIALIZED (${collected})
     SELECT ${columns}, counted.claims AS note FROM (SELECT count(*)::int AS claims FROM collected) counted LEFT JOIN (${page}) c ON true
     ORDER BY ${orderBy}`,
    parameters,
  );
  const isTooMuch = most !== null && found[0]!.note > most;
  // The outer join has one row when nothing matches, and it holds the count alone.
  const matches = found.filter(({ claimId }) => claimId !== null);
  return isTooMuch ? null : cut(matches, search);
}

/**
 * Returns the side that PostgreSQL expects to cost less, or null when both cost too much: its statistics know how frequent words, products and
 * tags are. Only searches that leave their page less than half full get here. Measured on 400,000 claims, both estimates together take about
 * 1 ms out of the 12 to 50 ms of such a search. Without them, searches that cannot be collected would try in vain: a partner's claims of a rare
 * activity by deadline took 117 ms instead of 44, a common word by name 34 instead of 10.
 */
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
  // Where PostgreSQL combines several indexes, its cost is lower than the number of claims that it expects to find.
  return Math.max(cost, rows);
}

function narrowed(narrow: Narrow, parameters: unknown[]): string {
  const where = new Conditions(parameters);
  narrow(where);
  return where.sql;
}
