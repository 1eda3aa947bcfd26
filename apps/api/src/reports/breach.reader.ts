import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { clockCalled, type EventType, publicClockNames } from '#libs/claims/index.js';
import { iso, withinScope } from '#libs/read-models/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { instant } from '../http/text.schema.js';

/** Clocks whose missed deadlines are only reported (domain.md 4.2), and the events that settle them. */
const endings = {
  K1: ['ReviewStarted', 'LinesRejected', 'ClaimWithdrawn', 'CustomerDeclined'],
  K2: ['LinesApproved', 'LinesRejected', 'InformationRequested', 'ClaimWithdrawn', 'CustomerDeclined'],
  K3: ['LinesApproved', 'LinesRejected', 'ClaimWithdrawn', 'CustomerDeclined'],
  K8: ['DisputeDecided', 'LinesRejected'],
} as const satisfies Record<string, EventType[]>;

type BreachClock = keyof typeof endings;
const clocks = (Object.keys(endings) as BreachClock[]).map((clock) => publicClockNames[clock]);
const Place = z.object({ dueAt: instant, claimId: z.guid(), version: z.int32() });

export const BreachQuery = z.strictObject({
  from: instant.optional().describe('Deadlines at or after this instant.'),
  to: instant.optional().describe('Deadlines before this instant.'),
  clock: z.enum(clocks).optional(),
  cursor: cursor(Place).optional(),
  limit,
});

const Breach = z
  .object({
    claimId: z.string(),
    number: z.string(),
    version: z.int().min(1).max(1_000_000).describe('Version of the event in the history.'),
    clock: z.enum(clocks),
    lines: z.array(z.int().min(1).max(100_000)),
    dueAt: z.iso.datetime(),
    settledAt: z.iso
      .datetime()
      .nullable()
      .describe('When the overdue action was taken for the first of the lines; null while it is pending.'),
    lateBySeconds: z.int().min(0).max(10_000_000_000).describe('Delay until the action was taken, or until now.'),
  })
  .meta({ id: 'Breach' });

export const BreachList = listOf(Breach);

type Row = Omit<z.output<typeof Breach>, 'clock' | 'lateBySeconds'> & { clock: BreachClock; lateBySeconds: string };

// $1 row limit, $2 from, $3 to, $4 clock, $5 endings by clock, $6 to $8 where the last page ended.
const breachesSql = (visible: string): string => `
  SELECT e.claim_id AS "claimId", c.number, e.version, e.data ->> 'clock' AS clock, e.data -> 'lines' AS lines, ${iso('e.at')} AS "dueAt",
    ${iso('s.at')} AS "settledAt", floor(extract(epoch FROM coalesce(s.at, cpor_now()) - e.at))::bigint AS "lateBySeconds"
  FROM claim_events e JOIN claims c USING (claim_id)
  LEFT JOIN LATERAL (
    SELECT n.at FROM claim_events n
    WHERE n.claim_id = e.claim_id AND n.version > e.version AND $5::jsonb -> (e.data ->> 'clock') ? n.type
      AND EXISTS (SELECT FROM jsonb_array_elements(e.data -> 'lines') late WHERE n.data -> 'lines' @> late)
    ORDER BY n.version LIMIT 1) s ON true
  WHERE e.type = 'DeadlineBreached' AND ($2::timestamptz IS NULL OR e.at >= $2) AND ($3::timestamptz IS NULL OR e.at < $3)
    AND ($4::text IS NULL OR e.data ->> 'clock' = $4)
    AND ($6::timestamptz IS NULL OR (e.at, e.claim_id, e.version) < ($6, $7::uuid, $8::int)) AND ${visible}
  ORDER BY e.at DESC, e.claim_id DESC, e.version DESC LIMIT $1`;

/** Derives missed deadlines from the events. */
@Injectable()
export class BreachReader {
  constructor(private readonly source: DataSource) {}

  async list(
    scope: Scope,
    { from, to, clock, cursor: after, limit: size }: z.output<typeof BreachQuery>,
  ): Promise<z.output<typeof BreachList>> {
    const parameters: unknown[] = [
      size + 1,
      from ?? null,
      to ?? null,
      clock === undefined ? null : clockCalled(clock),
      JSON.stringify(endings),
      after?.dueAt ?? null,
      after?.claimId ?? null,
      after?.version ?? null,
    ];
    const sql = breachesSql(withinScope(scope, parameters));
    const rows = await this.source.query<Row[]>(sql, parameters);
    const breaches = rows.map((row) => ({ ...row, clock: publicClockNames[row.clock], lateBySeconds: Number(row.lateBySeconds) }));
    return page(breaches, size, ({ dueAt, claimId, version }) => ({ dueAt, claimId, version }));
  }
}
