import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { type Access, listExports, recordAccesses, recordRefusal } from '#libs/access-log/index.js';
import type { Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import {
  canGroup,
  findOwnAssociation,
  freshnessOf,
  isMeasure,
  isServed,
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

/** Reads usage, and records each read in the customer's log in the same transaction. `usage-access.ts` decides who may read what. */
@Injectable()
export class UsageReader {
  constructor(private readonly source: DataSource) {}

  async rows(viewer: UsageViewer, query: RowsQuery, associationId?: string) {
    const { set, cursor: after, limit } = query;
    return this.answered(async (manager) => {
      const read = await readUsageRows(manager, viewer, { ...query, associationId, after, limit });
      if (!read.isGranted && associationId !== undefined) return refuse(manager, viewer, query, associationId);
      await record(manager, viewer, set, 'read', read.touched);
      const items = read.rows.map(({ dimension: _dimension, ...row }) => row);
      const next = read.next === null ? null : encodeCursor(read.next);
      return { set: set.name, items, next, freshness: await freshnessOf(manager, set.name) };
    });
  }

  /** Reads one part of an export in its own transaction, so that later parts omit associations that have ended meanwhile. */
  async exportPart(viewer: UsageViewer, query: MonthSpan & { set: UsageSet }, part: ExportPart) {
    return this.source.transaction(async (manager) => {
      const read = await readUsageRows(manager, viewer, { ...query, after: part.after, limit: part.limit });
      await record(manager, viewer, query.set, 'export', read.touched, part.accessId);
      return read;
    });
  }

  /** Lists the associations that an export leaves out although they were live in its months. */
  leftOut(viewer: UsageViewer, span: MonthSpan): Promise<LeftOut[]> {
    return readLeftOut(this.source.manager, viewer, span);
  }

  async aggregates(viewer: UsageViewer, query: AggregatesQuery) {
    const { set, by, cursor: after, limit } = query;
    if (!canGroup(set, by)) throw invalid('by', 'grouping_unknown', `The set ${set.name} cannot be grouped by ${by}`);
    return this.source.transaction(async (manager) => {
      const { groups, touched } = await readAggregates(manager, viewer, { ...query, after, limit });
      await record(manager, viewer, set, 'read', touched);
      const next = nextOf(groups, limit, ({ month, key }) => ({ month, key }));
      return { set: set.name, by, items: groups, next, freshness: await freshnessOf(manager, set.name) };
    });
  }

  async series(viewer: UsageViewer, query: SeriesQuery) {
    const { set, associationId, limit } = query;
    const measure = measureOf(set, query.measure, viewer);
    // One association is one series, and so one page.
    const after = associationId === undefined ? query.cursor : undefined;
    return this.answered(async (manager) => {
      const { series, touched } = await readSeries(manager, viewer, { ...query, measure, after, limit });
      if (series.length === 0 && associationId !== undefined) return refuse(manager, viewer, query, associationId);
      await record(manager, viewer, set, 'read', touched);
      const next = associationId === undefined ? nextOf(series, limit, (last) => last.associationId) : null;
      return { set: set.name, measure: measure.name, items: series, next, freshness: await freshnessOf(manager, set.name) };
    });
  }

  async exports(scope: Scope, { cursor: before, limit }: ExportsQuery) {
    if (scope.kind !== 'partner') return { items: [], next: null };
    const entries = await listExports(this.source.manager, scope, { before, limit: limit + 1 });
    return page(entries, limit, ({ accessId }) => accessId);
  }

  /** Runs a read and commits before it answers or refuses, because refusals are recorded too. */
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

/** Returns the cursor of the next page. Nothing beyond a page is read, because every read is logged; so the page after a full one may be empty. */
function nextOf<Item>(items: Item[], limit: number, place: (item: Item) => unknown): string | null {
  const last = items.at(-1);
  return last === undefined || items.length < limit ? null : encodeCursor(place(last));
}

function record(
  manager: EntityManager,
  { subject }: UsageViewer,
  set: UsageSet,
  kind: Access['kind'],
  touched: Touched[],
  accessId: string = uuidV7(),
): Promise<void> {
  return recordAccesses(
    manager,
    touched.map((association) => ({ ...association, accessId, kind, subject, set: set.name })),
  );
}

/**
 * Records that access to an association was refused, and returns why: it has ended, or it does not exist for this caller. The vendor sees both.
 * The customer sees only attempts of its former partner: a stranger's guess at an id has nothing to do with the customer.
 */
async function refuse(
  manager: EntityManager,
  viewer: UsageViewer,
  query: MonthSpan & { set: UsageSet },
  associationId: string,
): Promise<Problem> {
  const own = await findOwnAssociation(manager, viewer, associationId, query);
  const code = own === null ? 'not_found' : 'usage_ended';
  const refusalId = uuidV7();
  const { scope, subject } = viewer;
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
  if (own !== null) await record(manager, viewer, query.set, 'refused', [own], refusalId);
  return new Problem(code);
}

function measureOf(set: UsageSet, name: string, viewer: UsageViewer): UsageColumn {
  const measure = set.columns.find((column) => column.name === name && isMeasure(column));
  if (measure === undefined) throw invalid('measure', 'measure_unknown', `The set ${set.name} has no numeric column of this name`);
  if (!isServed(measure, viewer)) throw new Problem('forbidden', { detail: `${name} is for executive viewers only.` });
  return measure;
}

function invalid(field: string, code: string, message: string): Problem {
  return new Problem('invalid_request', { detail: `${field}: ${message}.`, errors: [{ field, code, message }] });
}
