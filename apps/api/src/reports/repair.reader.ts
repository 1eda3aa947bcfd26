import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { iso } from '#libs/read-models/index.js';
import { type RepairReason, repairReasons } from '#libs/reconciliation/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { instant } from '../http/text.schema.js';

const Place = z.string().regex(/^\d{1,18}$/);

export const RepairQuery = z.strictObject({
  from: instant.optional().describe('Repairs at or after this instant.'),
  to: instant.optional().describe('Repairs before this instant.'),
  reason: z.enum(repairReasons).optional(),
  cursor: cursor(Place).optional(),
  limit,
});

const Repair = z
  .object({
    repairId: z.string(),
    claimId: z.guid(),
    number: z.string(),
    reason: z.enum(repairReasons).describe('Why the claim was woken; new values may be added.'),
    repairedAt: z.iso.datetime(),
  })
  .meta({ id: 'Repair' });

export const RepairList = listOf(Repair);

interface Row {
  repairId: string;
  claimId: string;
  number: string;
  reason: RepairReason;
  repairedAt: string;
}

/** Reads which claims the reconciliation had to wake, and why. */
@Injectable()
export class RepairReader {
  constructor(private readonly source: DataSource) {}

  async list({ from, to, reason, cursor: before, limit: size }: z.output<typeof RepairQuery>): Promise<z.output<typeof RepairList>> {
    const rows = await this.source.query<Row[]>(
      `SELECT repair_id::text AS "repairId", claim_id AS "claimId", c.number, reason, ${iso('repaired_at')} AS "repairedAt"
       FROM repairs JOIN claims c USING (claim_id)
       WHERE ($2::timestamptz IS NULL OR repaired_at >= $2) AND ($3::timestamptz IS NULL OR repaired_at < $3)
         AND ($4::text IS NULL OR reason = $4) AND ($5::bigint IS NULL OR repair_id < $5)
       ORDER BY repair_id DESC LIMIT $1`,
      [size + 1, from ?? null, to ?? null, reason ?? null, before ?? null],
    );
    return page(rows, size, ({ repairId }) => repairId);
  }
}
