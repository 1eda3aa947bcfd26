import { z } from 'zod';
import { lineNumbers, partnerId, text } from '../http/text.schema.js';

export const NewEnd = z
  .strictObject({
    lines: lineNumbers.optional(),
    reason: text(2_000).optional().describe('Why the association ends. Required.'),
  })
  .default({})
  .meta({ id: 'NewAssociationEnd', example: { lines: [1], reason: 'We no longer work for this customer.' } });
export type NewEnd = z.output<typeof NewEnd>;

export const NewTransfer = z
  .strictObject({
    partnerId: partnerId.describe('PartnerID of the new location, which must belong to the same company.'),
    comment: text(10_000).optional(),
  })
  .meta({ id: 'NewTransfer', example: { partnerId: '1240388', comment: 'The Berlin office has taken over this customer.' } });
export type NewTransfer = z.output<typeof NewTransfer>;

export const NewCheck = z.strictObject({ lines: lineNumbers.optional() }).default({}).meta({ id: 'NewAssociationCheck', example: {} });
export type NewCheck = z.output<typeof NewCheck>;
