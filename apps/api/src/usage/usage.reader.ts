import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { type Access, listExports, recordAccesses, recordRefusal } from '#libs/access-log/index.js';
import { can, type Principal, type Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import {
  canGroup,
  findOwn,
  freshnessOf,
  isMeasure,
  type LeftOut,
  type MonthSpan,
  readAggregates,
  readLeftOut,
  readSeries,
  readUsageRows,
  type Touched,
  type UsageColumn,
  type UsagePlace,
  type UsageSet,
  type UsageViewer,
} from '#libs/usage/index.js';
import { encodeCursor, page } from '../http/cursor.js';
import type { AggregatesQuery, ExportsQuery, RowsQuery, SeriesQuery } from './usage.query.js';

/** A viewer, and by which name the logs hold it. */
export interface Reader extends UsageViewer {
  subject: string;
}

/** Who reads, as a token says it. */
export const readerOf = (principal: Principal, scope: Scope): Reader => ({
  scope,
  subject: principal.subject,
  isExecutive: can(principal, 'usage.executive'),
});

/** Reads usage within the caller's rights. What was read is in the customers' logs before anything is answered: both are one transaction. */
@Injectable()
export class UsageReader {
  constructor(private readonly source: DataSource) {}

  async rows(reader: Reader, query: RowsQuery, associationId?: string) {
    const { set, cursor: after, limit } = query;
    return this.answered(async (manager) => {
      const read = await readUsageRows(manager, reader, { ...query, associationId, after, limit });
      if (!read.isGranted && associationId !== undefined) return refuse(manager, reader, query, associationId);
      await record(manager, reader, set, 'read', read.touched);
      const items = read.rows.map(({ dimension: _dimension, ...row }) => row);
      const next = read.next === null ? null : encodeCursor(read.next);
      return { set: set.name, items, next, freshness: await freshnessOf(manager, set.name) };
    });
  }

  /** One part of an export, in a transaction of its own: an association that ends meanwhile is in no later part. */
  async exportPart(reader: Reader, query: MonthSpan & { set: UsageSet }, part: ExportPart) {
    return this.source.transaction(async (manager) => {
      const read = await readUsageRows(manager, reader, { ...query, after: part.after, limit: part.limit });
      await record(manager, reader, query.set, 'export', read.touched, part.accessId);
      return read;
    });
  }

  /** What an export does not hold though it was live in the months asked for. */
  leftOut(reader: Reader, span: MonthSpan): Promise<LeftOut[]> {
    return readLeftOut(this.source.manager, reader, span);
  }

  async aggregates(reader: Reader, query: AggregatesQuery) {
    const { set, by, cursor: after, limit } = query;
    if (!canGroup(set, by)) throw invalid('by', 'grouping_unknown', `The set ${set.name} cannot be grouped by ${by}`);
    return this.source.transaction(async (manager) => {
      const { groups, touched } = await readAggregates(manager, reader, { ...query, after, limit });
      await record(manager, reader, set, 'read', touched);
      const next = nextOf(groups, limit, ({ month, key }) => ({ month, key }));
      return { set: set.name, by, items: groups, next, freshness: await freshnessOf(manager, set.name) };
    });
  }

  async series(reader: Reader, query: SeriesQuery) {
    const { set, associationId, limit } = query;
    const measure = measureOf(set, query.measure, reader);
    // An association by name is one series, and so one page.
    const after = associationId === undefined ? query.cursor : undefined;
    return this.answered(async (manager) => {
      const { series, touched } = await readSeries(manager, reader, { ...query, measure, after, limit });
      if (series.length === 0 && associationId !== undefined) return refuse(manager, reader, query, associationId);
      await record(manager, reader, set, 'read', touched);
      const next = associationId === undefined ? nextOf(series, limit, (one) => one.associationId) : null;
      return { set: set.name, measure: measure.name, items: series, next, freshness: await freshnessOf(manager, set.name) };
    });
  }

  async exports(scope: Scope, { cursor: before, limit }: ExportsQuery) {
    if (scope.kind !== 'partner') return { items: [], next: null };
    const entries = await listExports(this.source.manager, scope, { before, limit: limit + 1 });
    return page(entries, limit, ({ accessId }) => accessId);
  }

  /** Commits before it answers or refuses: of a refusal too there is something to keep. */
  private async answered<Answer extends object>(read: (manager: EntityManager) => Promise<Answer | Problem>): Promise<Answer> {
    const answer = await this.source.transaction(read);
    if (answer instanceof Problem) throw answer;
    return answer;
  }
}

interface ExportPart {
  accessId: string;
  after: UsagePlace | undefined;
  limit: number;
}

/** Where the next page begins. Nothing is read beyond a page, for whatever is read is logged: the page after a full one may be empty. */
function nextOf<Item>(items: Item[], limit: number, place: (item: Item) => unknown): string | null {
  const last = items.at(-1);
  return last === undefined || items.length < limit ? null : encodeCursor(place(last));
}

function record(
  manager: EntityManager,
  { subject }: Reader,
  set: UsageSet,
  kind: Access['kind'],
  touched: Touched[],
  accessId: string = uuidV7(),
): Promise<void> {
  return recordAccesses(
    manager,
    touched.map((one) => ({ ...one, accessId, kind, subject, set: set.name })),
  );
}

/**
 * Why an association is closed to the caller: it has ended, or it does not exist for this caller. The vendor is told of both. The customer is
 * told when its own partner asks after the end; what a stranger asks for by an id alone says nothing about the customer.
 */
async function refuse(
  manager: EntityManager,
  reader: Reader,
  query: MonthSpan & { set: UsageSet },
  associationId: string,
): Promise<Problem> {
  const own = await findOwn(manager, reader, associationId, query);
  const code = own === null ? 'not_found' : 'usage_ended';
  const refusalId = uuidV7();
  const { scope, subject } = reader;
  await recordRefusal(manager, {
    refusalId,
    code,
    subject,
    partnerAccountId: scope.kind === 'partner' ? scope.accountId : null,
    associationId,
    set: query.set.name,
    fromMonth: query.from ?? null,
    toMonth: query.to ?? null,
  });
  if (own !== null) await record(manager, reader, query.set, 'refused', [own], refusalId);
  return new Problem(code);
}

function measureOf(set: UsageSet, name: string, { isExecutive }: Reader): UsageColumn {
  const measure = set.columns.find((column) => column.name === name && isMeasure(column));
  if (measure === undefined) throw invalid('measure', 'measure_unknown', `The set ${set.name} has no measure of this name`);
  if (measure.isExecutive && !isExecutive) throw new Problem('forbidden', { detail: `${name} is for executive viewers only.` });
  return measure;
}

function invalid(field: string, code: string, message: string): Problem {
  return new Problem('invalid_request', { detail: `${field}: ${message}.`, errors: [{ field, code, message }] });
}
