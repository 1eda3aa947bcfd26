import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { listAccesses } from '#libs/access-log/index.js';
import type { Scope } from '#libs/auth/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { refuseOtherTenant } from '../tenants/tenant-scope.js';
import { instant, partnerId, text } from '../http/text.schema.js';

export const AccessQuery = z.strictObject({
  partnerId: partnerId.optional(),
  target: text(200).optional(),
  from: instant.optional().describe('Accesses at or after this instant.'),
  to: instant.optional().describe('Accesses before this instant.'),
  cursor: cursor(z.int().min(1)).optional(),
  limit,
});
export type AccessQuery = z.output<typeof AccessQuery>;

const AccessView = z
  .object({
    accessId: z.guid().describe('The same for everything that one request read.'),
    at: z.iso.datetime(),
    kind: z.enum(['read', 'export', 'refused']).describe('`refused`: requested after the association had ended; nothing was shown.'),
    partner: z.object({ partnerId: z.string(), legalName: z.string().nullable() }),
    claimNumber: z.string(),
    target: z.string(),
    set: z.string(),
    fromMonth: z.iso.date().nullable(),
    toMonth: z.iso.date().nullable(),
    rows: z.int().min(0).max(1_000_000_000),
  })
  .meta({ id: 'Access' });

export const AccessList = listOf(AccessView);

/** Reads a customer's own log of who read its usage. */
@Injectable()
export class AccessReader {
  constructor(private readonly source: DataSource) {}

  async list(scope: Scope, tenantId: string, { cursor: before, limit: size, ...filter }: AccessQuery) {
    refuseOtherTenant(scope, tenantId);
    const accesses = await listAccesses(this.source.manager, tenantId, { ...filter, before, limit: size + 1 });
    const { items, next } = page(accesses, size, ({ sequence }) => sequence);
    return {
      items: items.map(({ sequence: _sequence, partnerId, legalName, ...access }) => ({ ...access, partner: { partnerId, legalName } })),
      next,
    };
  }
}
