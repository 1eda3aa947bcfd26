import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { iso, withinScope } from '#libs/read-models/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { instant, uuid } from '../http/text.schema.js';

const PendingOperation = z
  .object({
    operationId: z.string(),
    claimId: z.string(),
    number: z.string(),
    type: z.string().describe('Name of the command.'),
    receivedAt: z.iso.datetime(),
    ageSeconds: z.int().min(0).max(1_000_000_000).describe('By the clock of the product.'),
    failing: z
      .object({
        step: z.string().describe('`look_up` or `execute`. More may be added.'),
        fault: z.string(),
        attempts: z.int().min(1).max(1_000_000),
        since: z.iso.datetime(),
        lastAt: z.iso.datetime(),
      })
      .nullable()
      .describe('The step of the claim that keeps failing and is retried; null if none is known to fail.'),
  })
  .meta({ id: 'PendingOperation', description: 'A command that is accepted and has no outcome yet.' });
export const PendingOperationList = listOf(PendingOperation);
type PendingOperation = z.output<typeof PendingOperation>;

export const PendingQuery = z.strictObject({
  cursor: cursor(z.strictObject({ at: instant, id: uuid })).optional(),
  limit,
});
export type PendingQuery = z.output<typeof PendingQuery>;

/** Lists what was accepted and is not done. An index holds these commands alone, by age. */
@Injectable()
export class PendingReader {
  constructor(private readonly source: DataSource) {}

  async list(scope: Scope, { cursor: after, limit: size }: PendingQuery) {
    const parameters: unknown[] = [after?.at ?? null, after?.id ?? null, size + 1];
    const rows = await this.source.query<(PendingOperation & { place: string })[]>(
      `SELECT i.command_id AS "operationId", i.claim_id AS "claimId", c.number, i.type, ${iso('i.received_at')} AS "receivedAt",
         to_char(i.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place,
         greatest(0, floor(extract(epoch FROM cpor_now() - i.received_at)))::int AS "ageSeconds",
         CASE WHEN s.claim_id IS NOT NULL THEN json_build_object('step', s.step, 'fault', s.fault, 'attempts', s.attempts,
           'since', ${iso('s.since')}, 'lastAt', ${iso('s.last_at')}) END AS failing
       FROM claim_commands i JOIN claims c USING (claim_id) LEFT JOIN stuck_claims s USING (claim_id)
       WHERE i.outcome IS NULL AND ($1::timestamptz IS NULL OR (i.received_at, i.command_id) > ($1::timestamptz, $2::uuid))
         AND ${withinScope(scope, parameters)}
       ORDER BY i.received_at, i.command_id LIMIT $3`,
      parameters,
    );
    const { items, next } = page(rows, size, ({ place, operationId }) => ({ at: place, id: operationId }));
    return { items: items.map(({ place: _, ...item }) => item), next };
  }
}
