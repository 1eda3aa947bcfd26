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
  phase: several(Phase).optional().describe('State of the claim, derived from its lines.'),
  status: several(z.enum(labels)).optional().describe('Label of the state, in English.'),
  area: several(text(64)).optional(),
  activity: several(text(64)).optional().describe('Activity of any line.'),
  product: several(text(64)).optional().describe('Product of any line.'),
  partnerId: several(partnerId).optional().describe('PartnerID of the location.'),
  tenantId: several(uuid).optional(),
  customer: words.optional().describe("Words of the customer's name or domain; the last word may be a prefix."),
  reason: several(text(64)).optional().describe('Code of a rejection or information request on any line, past or current.'),
  tag: several(text(64)).optional(),
  externalReference: text(200).optional(),
  isOpen: yesOrNo.optional().describe('Whether anything is still pending: an action or a clock.'),
  dueAfter: instant.optional().describe('Claims whose next deadline is at or after this instant.'),
  dueBefore: instant.optional().describe('Claims whose next deadline is before this instant, overdue ones included.'),
  updatedAfter: instant.optional().describe('Claims that changed after this instant.'),
  q: words
    .optional()
    .describe(
      'Searches words of the name, number, domain and customer; the last word may be a prefix. Also matches the beginning of the claim id.',
    ),
};

/** Filters for reviewers. */
export const reviewFilters = {
  isCompeting: yesOrNo.optional().describe('Whether another partner claims or holds the target of a line.'),
  isMine: yesOrNo.optional().describe('Whether the caller has taken the review.'),
  isTaken: yesOrNo.optional().describe('Whether anybody has taken the review.'),
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

export const ClaimCountQuery = z.strictObject(filters);
export type ClaimCountQuery = z.output<typeof ClaimCountQuery>;

export const ClaimExportQuery = z.strictObject({
  ...filters,
  sort: sortBy(claimSorts, '-createdAt'),
  format: z.enum(['csv', 'json']).describe('`csv`: a table; `json`: an array of the items of the list.'),
});
export type ClaimExportQuery = z.output<typeof ClaimExportQuery>;
