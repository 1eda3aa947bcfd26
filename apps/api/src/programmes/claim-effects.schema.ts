import { z } from 'zod';

const count = z.int().min(0).max(1_000_000_000);

export const ClaimEffects = z
  .object({
    kept: count.describe(
      'Claims submitted under an earlier version, and not yet decided or disputed: they keep its rules, texts and reasons.',
    ),
    drafts: count.describe('Drafts: those not submitted before this version takes effect must follow it.'),
    draftsChecked: count.describe('How many of the drafts were checked: the newest, at most 1,000.'),
    draftsRefused: count.describe('Checked drafts with errors that they do not have under the version in force.'),
    refusals: z
      .array(
        z.object({
          code: z.string().meta({ example: 'product_unknown' }),
          drafts: count,
          message: z.string().describe('Of the first such draft.'),
          examples: z.array(z.string()).describe('Numbers of such drafts, newest first: at most five.'),
        }),
      )
      .describe('Those errors by code, most frequent first. What only the directory or other claims can tell is not checked.'),
    clocks: z
      .array(
        z.object({
          field: z.string().meta({ example: 'clocks.answerBusinessDays' }),
          from: z.unknown(),
          to: z.unknown(),
          ahead: count.describe('Claims that have yet to reach the clock: it has the new length if it starts.'),
          running: count.describe('Claims in which it runs or is paused: they keep the deadline, or the days that were left.'),
        }),
      )
      .describe('Clocks of another length. A clock takes the length that is in force when it starts, whatever version the claim has.'),
    isCapped: z
      .boolean()
      .describe('Whether there are more claims than were read, the newest 5,000 of each phase: each number is then the least it can be.'),
  })
  .meta({ id: 'ClaimEffects', description: 'What claims would notice of a version, compared with the version in force.' });
