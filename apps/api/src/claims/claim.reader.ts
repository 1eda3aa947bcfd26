import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { ProgrammeLibrary } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import { ClaimSummaryView, findClaim, HistoryEntry, listClaims, Phase, readHistory, summaryView } from '#libs/read-models/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { text } from '../http/text.schema.js';
import { timelineWording } from './timeline-wording.js';

const Place = z.object({ createdAt: z.iso.datetime(), claimId: z.guid() });

export const ClaimQuery = z.strictObject({
  phase: Phase.optional(),
  partnerId: text(20).optional(),
  tenantId: z.guid().toLowerCase().optional(),
  externalReference: text(200).optional(),
  updatedAfter: z.iso.datetime().optional().describe('Claims that changed after this instant.'),
  cursor: cursor(Place).optional(),
  limit,
});
export type ClaimQuery = z.output<typeof ClaimQuery>;

const next = z.string().nullable().describe('Cursor of the next page; null on the last.');

export const ClaimList = z.object({ items: z.array(ClaimSummaryView), next }).meta({ id: 'ClaimList' });

export const HistoryQuery = z.strictObject({
  language: z.enum(['en', 'ru']).default('en').describe('Language of `title` and `detail`.'),
  cursor: cursor(z.int().min(0)).optional(),
  limit: limit.unwrap().default(100),
});
export type HistoryQuery = z.output<typeof HistoryQuery>;

export const History = z.object({ items: z.array(HistoryEntry), next }).meta({ id: 'History' });

/** Lists and histories, always within a scope. */
@Injectable()
export class ClaimReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async list(scope: Scope, { cursor: after, limit: size, ...filter }: ClaimQuery) {
    const claims = await listClaims(this.source.manager, scope, { ...filter, after, limit: size + 1 });
    const { items, next: following } = page(claims, size, ({ createdAt, claimId }) => ({ createdAt, claimId }));
    return { items: items.map(summaryView), next: following };
  }

  async history(scope: Scope, claimId: string, { cursor: after = 0, limit: size, language }: HistoryQuery) {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim === null) throw new Problem('not_found');
    const policy = await this.library.policy(claim.state.policy);
    const { zone } = await this.library.calendarInForce(policy.calendar, claim.updatedAt);
    const audience = scope.kind === 'everything' ? ('vendor' as const) : ('partner' as const);
    const telling = { audience, language, wording: timelineWording(policy, zone, language) };
    const entries = await readHistory(this.source.manager, claimId, telling, { after, limit: size + 1 });
    return page(entries, size, ({ version }) => version);
  }
}
