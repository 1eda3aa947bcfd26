import { z } from 'zod';
import { letterKinds } from '#libs/notices/index.js';
import { Phase } from '#libs/read-models/index.js';
import type { CommandRequest } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { decisionCommand, NewDecision, NewInformationRequest } from '../reviews/review.body.js';

export const NewDecisionPreview = z
  .discriminatedUnion('outcome', [...NewDecision.options, NewInformationRequest.extend({ outcome: z.literal('ask') })])
  .meta({ id: 'NewDecisionPreview', example: { outcome: 'ask', reasons: ['evidence_products_missing'] } });
export type NewDecisionPreview = z.output<typeof NewDecisionPreview>;

const PreviewedMail = z
  .object({
    claimId: z.string().describe('The claim that the mail is about: another one if the decision affects rivals.'),
    to: z.enum(['customer', 'partner', 'vendor']),
    recipients: z.int().min(1).max(10_000).describe('How many people get this text.'),
    kind: z.enum(['notice', ...letterKinds]).describe('A notice opens a window for the customer; a letter informs.'),
    language: z.enum(['en', 'ru']),
    subject: z.string(),
    text: z.string().describe('The text of the mail. Personal links end in an ellipsis.'),
  })
  .meta({ id: 'PreviewedMail' });
export type PreviewedMail = z.output<typeof PreviewedMail>;

export const DecisionPreview = z
  .object({
    claimId: z.string(),
    basedOn: z.int().min(0).max(1_000_000).describe('Version of the claim that the preview is based on.'),
    phase: Phase.describe('Phase that the claim would have.'),
    lines: z.array(z.object({ line: z.int().min(1).max(100_000), phase: Phase })),
    mails: z.array(PreviewedMail).describe('What would be sent, and to whom.'),
  })
  .meta({ id: 'DecisionPreview', description: 'What a decision would bring about. Nothing is stored.' });
export type DecisionPreview = z.output<typeof DecisionPreview>;

type PreviewedType = 'approveClaim' | 'rejectClaim' | 'requestInformation';
export type PreviewedCommand = { [Type in PreviewedType]: Pick<CommandRequest<Type>, 'type' | 'body'> }[PreviewedType];

/** Returns the command that the decision itself would send. */
export function previewedCommand(sent: NewDecisionPreview): PreviewedCommand {
  if (sent.outcome !== 'ask') return decisionCommand(sent);
  const { comment, outcome: _, ...rest } = sent;
  return { type: 'requestInformation', body: withText(comment, (textId) => ({ ...rest, textId })) };
}
