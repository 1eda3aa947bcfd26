import { z } from 'zod';
import type { CommandRequest } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { label, lineNumbers, text } from '../http/text.schema.js';

const code = label(64);
const comment = text(10_000).optional();

export const OfLines = z
  .strictObject({ lines: lineNumbers.optional() })
  .default({})
  .meta({ id: 'OfLines', example: { lines: [1] } });

export const NextReview = z
  .strictObject({
    area: z.array(label(64)).min(1).max(50).optional().describe('Only claims of these solution areas.'),
    isCompeting: z.boolean().optional().describe('Only claims whose target another partner claims or holds, or only the others.'),
  })
  .default({})
  .meta({ id: 'NextReview', example: { area: ['modern_work_security'] } });
export type NextReview = z.output<typeof NextReview>;

export const NewInformationRequest = z
  .strictObject({
    lines: lineNumbers.optional(),
    reasons: z.array(code).max(20).describe("At least one of the programme's request reason codes."),
    comment,
    suggestedDrops: lineNumbers.optional().describe('Lines that the evidence does not support.'),
  })
  .meta({
    id: 'NewInformationRequest',
    example: { reasons: ['evidence_products_missing'], comment: 'Teams Phone is not on the evidence.' },
  });

export const NewDecision = z
  .discriminatedUnion('outcome', [
    z.strictObject({
      outcome: z.literal('approve'),
      lines: lineNumbers.optional(),
      comment,
      clearedHolds: z.array(code).max(20).optional().describe('Codes of the holds that the reviewer has checked.'),
    }),
    z.strictObject({ outcome: z.literal('reject'), lines: lineNumbers.optional(), comment, reason: code }),
  ])
  .meta({ id: 'NewDecision', example: { outcome: 'approve' } });
export type NewDecision = z.output<typeof NewDecision>;

type DecisionCommand = Pick<CommandRequest<'approveClaim'>, 'type' | 'body'> | Pick<CommandRequest<'rejectClaim'>, 'type' | 'body'>;

export function decisionCommand(sent: NewDecision): DecisionCommand {
  const { lines, comment: words } = sent;
  if (sent.outcome === 'approve') {
    return { type: 'approveClaim', body: withText(words, (textId) => ({ lines, textId, clearedHolds: sent.clearedHolds })) };
  }
  return { type: 'rejectClaim', body: withText(words, (textId) => ({ lines, textId, reason: sent.reason })) };
}
