import { z } from 'zod';
import { rivalrySteps } from '#libs/claims/index.js';
import { Phase } from '#libs/read-models/index.js';
import { listOf } from '../http/listing.js';
import { requiredText, text, uuid } from '../http/text.schema.js';

const line = z.int().min(1).max(100_000);
const step = z.enum(rivalrySteps).describe('Step of the order of decision that applied.');
const instant = z.iso.datetime();

export const NewChoice = z
  .strictObject({ line, comment: text(10_000).optional().describe("For the vendor's records; the customer does not see it.") })
  .meta({ id: 'NewChoice', example: { line: 1 } });

export const NewRivalDecision = z
  .strictObject({
    line,
    winner: uuid.describe('Claim of the winning candidate.'),
    step,
    disregardedEvidence: z.array(uuid).max(200).optional().describe('Evidence found not to be signed by the customer.'),
    comment: requiredText(10_000).describe('Reasons for the decision record; partners do not see them.'),
  })
  .meta({
    id: 'NewRivalDecision',
    example: { line: 1, winner: '0199f3a1-6a7e-4f2c-9d57-0c6f6f0f3b11', step: 'newest_evidence', comment: 'Signed last week.' },
  });

const RivalCandidate = z
  .object({
    claimId: z.string(),
    number: z.string(),
    line,
    partnerAccountId: z.string(),
    partnerId: z.string(),
    legalName: z.string(),
    phase: Phase,
    isHolder: z.boolean(),
    submittedAt: instant,
    evidenceOn: z.string().nullable().describe('Date of the newest customer-signed evidence.'),
    evidence: z.array(z.object({ evidenceId: z.string(), fileName: z.string().nullable(), signedOn: z.string().nullable() })),
    hearing: z
      .object({ dueAt: instant, isOver: z.boolean() })
      .nullable()
      .describe('For a holder: the period in which it can add evidence.'),
  })
  .meta({ id: 'RivalCandidate' });

export const RivalryView = z
  .object({
    line,
    target: z.string(),
    candidates: z.array(RivalCandidate),
    choice: z.object({ claimId: z.string(), chosenAt: instant }).nullable().describe("The customer's latest choice."),
    order: z.object({ winner: z.string(), step }).describe('Current result of the order of decision.'),
    decision: z
      .object({ recordId: z.string(), isWinner: z.boolean(), step })
      .nullable()
      .describe("The latest decision record concerning this claim's line."),
  })
  .meta({ id: 'Rivalry' });

export const RivalryList = listOf(RivalryView);
