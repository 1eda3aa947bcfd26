import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { isActingFor, type Scope } from '#libs/auth/index.js';
import { phases, statusLabels } from '#libs/claims/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import {
  claimSorts,
  ClaimSummaryView,
  countClaims,
  countFiltered,
  findClaim,
  HistoryEntry,
  listClaims,
  Phase,
  readHistory,
  summaryView,
} from '#libs/read-models/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { Listing, next } from '../http/listing.js';
import type { ClaimCountQuery, ClaimQuery } from './claim.query.js';
import { timelineWording } from './timeline-wording.js';

export const ClaimList = z
  .object({
    items: z.array(ClaimSummaryView),
    next,
    asOf: z.iso.datetime().describe('Pass this instant as `updatedAfter` to find what has changed since, including while you were paging.'),
  })
  .meta({ id: 'ClaimList' });

export const ClaimCount = z
  .object({
    count: z.int().min(0).max(1_000_000_000),
    isCapped: z.boolean().describe('True if there are more than `count`.'),
    precision: z
      .enum(['exact', 'capped', 'estimated'])
      .describe('`capped`: there are more than `count`; `estimated`: the database expects about as many. More values may be added.'),
    phases: z
      .array(z.object({ phase: Phase, claims: z.int().min(0).max(1_000_000_000) }))
      .nullable()
      .describe('The same claims by phase; null unless the number is exact.'),
  })
  .meta({ id: 'ClaimCount' });

export const ClaimOverview = z
  .object({
    countedAt: z.iso.datetime(),
    claims: z.int().min(0).max(1_000_000_000),
    overdue: z.int().min(0).max(1_000_000_000).describe('Claims with an expired clock.'),
    phases: z.array(z.object({ phase: Phase, status: z.string(), claims: z.int().min(0).max(1_000_000_000) })),
  })
  .meta({ id: 'ClaimOverview' });
type ClaimOverview = z.output<typeof ClaimOverview>;

export const HistoryQuery = z.strictObject({
  language: z.enum(['en', 'ru']).default('en').describe('Language of `title` and `detail`.'),
  order: z.enum(['oldest', 'newest']).default('oldest').describe('Which events come first. Use the same order for every page.'),
  cursor: cursor(z.int32().min(0)).optional(),
  limit: limit.unwrap().default(100),
});
export type HistoryQuery = z.output<typeof HistoryQuery>;

export const History = z.object({ items: z.array(HistoryEntry), next }).meta({ id: 'History' });

/** The audience of a history, by what the reader may know. */
const audiences = { everything: 'vendor', partner: 'partner', tenant: 'customer', nothing: 'customer' } as const;

/** Reads lists, counts and histories of claims, always within a scope. */
@Injectable()
export class ClaimReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async list(scope: Scope, { cursor: place, limit: size, sort, ...filter }: ClaimQuery) {
    const listing = new Listing('claims', filter, claimSorts[sort.by], sort);
    const after = listing.after(place);
    const asOf = place?.asOf ?? (await this.changesCompleteSince());
    const { rows, next: following } = await listClaims(this.source.manager, scope, filter, { sort, after, limit: size });
    return { items: rows.map(summaryView), next: listing.next(following, asOf), asOf };
  }

  async overview(scope: Scope): Promise<ClaimOverview> {
    const { countedAt, overdue, phases: counted } = await countClaims(this.source.manager, scope);
    const claimsIn = (phase: string) => counted.find((count) => count.phase === phase)?.claims ?? 0;
    return {
      countedAt,
      claims: counted.reduce((sum, { claims }) => sum + claims, 0),
      overdue,
      phases: phases.map((phase) => ({ phase, status: statusLabels[phase].en, claims: claimsIn(phase) })),
    };
  }

  async count(scope: Scope, filter: ClaimCountQuery) {
    const counted = await countFiltered(this.source.manager, scope, filter);
    return { ...counted, isCapped: counted.precision === 'capped' };
  }

  async history(scope: Scope, claimId: string, { cursor: after, order, limit: size, language }: HistoryQuery) {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim === null) throw new Problem('not_found');
    const policy = await this.library.policy(claim.state.policy);
    const { zone } = await this.library.calendarInForce(policy.calendar, claim.updatedAt);
    // A caller who acts for the partner sees what the partner sees, whatever its role.
    const audience = isActingFor(scope, claim.partnerAccountId) ? 'partner' : audiences[scope.kind];
    const presentation = { audience, language, wording: timelineWording(policy, zone, language) };
    const entries = await readHistory(this.source.manager, claimId, presentation, { order, after, limit: size + 1 });
    return page(entries, size, ({ version }) => version);
  }

  /** The instant before which every change can be seen: what is written now may still be stamped later, however long it takes to commit. */
  private async changesCompleteSince(): Promise<string> {
    const [row] = await this.source.query<[{ since: Date }]>('SELECT cpor_changes_complete_since() AS since');
    return row.since.toISOString();
  }
}
