import { z } from 'zod';
import { lineNumbers, text } from '../http/text.schema.js';

export const Nothing = z.strictObject({}).default({}).meta({ id: 'Nothing', example: {} });

export const NewAnswer = z
  .strictObject({ comment: text(10_000).optional(), resubmit: z.boolean().default(true) })
  .prefault({})
  .meta({ id: 'NewAnswer', example: { comment: 'The signed page is attached.' } });
export type NewAnswer = z.output<typeof NewAnswer>;

export const NewWithdrawal = z
  .strictObject({ lines: lineNumbers.optional(), comment: text(10_000).optional() })
  .default({})
  .meta({ id: 'NewWithdrawal', example: { comment: 'The customer postponed the project.' } });
