import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { listRefusals } from '#libs/access-log/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { text } from '../http/text.schema.js';

export const RefusalQuery = z.strictObject({
  partnerAccountId: text(100).optional().describe('Account of the caller.'),
  cursor: cursor(z.guid()).optional(),
  limit,
});
export type RefusalQuery = z.output<typeof RefusalQuery>;

const RefusalView = z
  .object({
    refusalId: z.guid(),
    at: z.iso.datetime(),
    code: z.enum(['usage_ended', 'not_found']).describe('Code of the response.'),
    subject: z.string(),
    partnerAccountId: z.string().nullable().describe('Account of the caller; null if it has none.'),
    associationId: z.guid().describe('As requested.'),
    set: z.string(),
    fromMonth: z.iso.date().nullable(),
    toMonth: z.iso.date().nullable(),
    association: z
      .object({ partnerAccountId: z.string(), partnerId: z.string(), tenantId: z.string(), claimNumber: z.string(), target: z.string() })
      .nullable()
      .describe('The association that was requested; null if it does not exist.'),
  })
  .meta({ id: 'UsageRefusal' });

export const RefusalsView = z.object({ items: z.array(RefusalView), next: z.string().nullable() }).meta({ id: 'UsageRefusals' });

/** Reads the vendor's list of refused attempts to read usage. */
@Injectable()
export class RefusalReader {
  constructor(private readonly source: DataSource) {}

  async list({ partnerAccountId, cursor: before, limit: size }: RefusalQuery) {
    const refusals = await listRefusals(this.source.manager, { partnerAccountId, before, limit: size + 1 });
    return page(refusals, size, ({ refusalId }) => refusalId);
  }
}
