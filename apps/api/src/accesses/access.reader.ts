import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type CustomerAccess, listAccesses } from '#libs/access-log/index.js';
import type { Scope } from '#libs/auth/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { refuseOtherTenant } from '../tenants/tenant-scope.js';
import { instant, partnerId, text } from '../http/text.schema.js';

const filters = {
  partnerId: partnerId.optional(),
  target: text(200).optional(),
  from: instant.optional().describe('Accesses at or after this instant.'),
  to: instant.optional().describe('Accesses before this instant.'),
};

export const AccessQuery = z.strictObject({
  ...filters,
  cursor: cursor(z.int().min(1)).optional(),
  limit,
});
export type AccessQuery = z.output<typeof AccessQuery>;

export const AccessExportQuery = z.strictObject({
  ...filters,
  format: z.enum(['csv', 'json']).describe('`csv`: a table; `json`: an array of the items of the list.'),
});
export type AccessExportQuery = z.output<typeof AccessExportQuery>;

export const AccessView = z
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

export type AccessView = z.output<typeof AccessView>;

export const AccessList = listOf(AccessView);

/** An export reads the log in parts of this size. */
const rowsPerPart = 1_000;

/** Reads a customer's own log of who read its usage. */
@Injectable()
export class AccessReader {
  constructor(private readonly source: DataSource) {}

  async list(scope: Scope, tenantId: string, { cursor: before, limit: size, ...filter }: AccessQuery) {
    refuseOtherTenant(scope, tenantId);
    const accesses = await listAccesses(this.source.manager, tenantId, { ...filter, before, limit: size + 1 });
    const { items, next } = page(accesses, size, ({ sequence }) => sequence);
    return { items: items.map(view), next };
  }

  /**
   * Reads everything that the list returns for these filters, in parts. Entries are numbered and never change, so going down from the newest
   * gives one state of the log without a transaction, whatever is added meanwhile.
   */
  async *parts(scope: Scope, tenantId: string, filter: Omit<AccessExportQuery, 'format'>): AsyncGenerator<AccessView[], void> {
    refuseOtherTenant(scope, tenantId);
    for (let before: number | undefined; ; ) {
      const accesses = await listAccesses(this.source.manager, tenantId, { ...filter, before, limit: rowsPerPart });
      yield accesses.map(view);
      if (accesses.length < rowsPerPart) return;
      before = accesses.at(-1)!.sequence;
    }
  }
}

const view = ({ sequence: _sequence, partnerId, legalName, ...access }: CustomerAccess): AccessView => ({
  ...access,
  partner: { partnerId, legalName },
});
