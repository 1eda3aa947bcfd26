import { z } from 'zod';
import { statusLabels } from '#libs/claims/index.js';
import { claimSorts, Phase } from '#libs/read-models/index.js';
import { limit } from '../http/cursor.js';
import { listCursor, several, sortBy } from '../http/listing.js';
import { instant, partnerId, text, uuid } from '../http/text.schema.js';

const labels = [...new Set(Object.values(statusLabels).map(({ en }) => en))] as [string, ...string[]];
const words = text(100).min(1);

const yesOrNo = z.enum(['true', 'false']).transform((value) => value === 'true');

const filters = {
  phase: several(Phase).optional().describe('State of the claim, rolled up from its lines.'),
  status: several(z.enum(labels)).optional().describe('Label of the state, in English.'),
  area: several(text(64)).optional(),
  activity: several(text(64)).optional().describe('Of any line.'),
  product: several(text(64)).optional().describe('Of any line.'),
  partnerId: several(partnerId).optional().describe('PartnerID of the location.'),
  tenantId: several(uuid).optional(),
  customer: words.optional().describe("Words of the customer's name or domain; the last may be the beginning of one."),
  reason: several(text(64)).optional().describe('Code of a rejection or a question, on any line, so far.'),
  tag: several(text(64)).optional(),
  externalReference: text(200).optional(),
  isOpen: yesOrNo.optional().describe('Whether anybody, or a clock, still has something to do.'),
  dueAfter: instant.optional().describe('Claims whose next deadline is not before this instant.'),
  dueBefore: instant.optional().describe('Claims whose next deadline is before this instant; those that are overdue too.'),
  updatedAfter: instant.optional().describe('Claims that changed after this instant.'),
  q: words
    .optional()
    .describe(
      "Searches the words of name, number, domain and customer; the last may be the beginning of one. Or the beginning of the claim's id.",
    ),
};

/** Filters for reviewers. */
export const reviewFilters = {
  isCompeting: yesOrNo.optional().describe('Whether another partner wants, or holds, what a line asks for.'),
  area: filters.area,
  activity: filters.activity,
  product: filters.product,
  partnerId: filters.partnerId,
  tenantId: filters.tenantId,
  phase: filters.phase,
  q: filters.q,
};

export const ClaimQuery = z.strictObject({ ...filters, sort: sortBy(claimSorts, '-createdAt'), cursor: listCursor, limit });
export type ClaimQuery = z.output<typeof ClaimQuery>;

export const ClaimExportQuery = z.strictObject({
  ...filters,
  sort: sortBy(claimSorts, '-createdAt'),
  format: z.enum(['csv', 'json']).describe('A table, or an array of what the list shows.'),
});
export type ClaimExportQuery = z.output<typeof ClaimExportQuery>;
