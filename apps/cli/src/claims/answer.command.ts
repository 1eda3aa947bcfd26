import { defineCommand } from '../shell/command.js';
import { claimArgument, findClaim } from './claim-reference.js';
import { checkEvidence, evidenceOptions, sendEvidence } from './evidence.js';
import { showClaim } from './facts.js';

export const answerCommand = defineCommand({
  about: 'answers what the reviewer has asked, and submits the claim again',
  args: [claimArgument],
  options: {
    ...evidenceOptions,
    comment: { type: 'string', value: 'TEXT', about: 'what you tell the reviewer' },
    'no-resubmit': { type: 'boolean', about: 'only answer, and submit later' },
  },
  examples: ['cpor claims answer CLM-000123 --comment "The signed page is attached." --evidence page.pdf --signed-on 2026-11-30'],
  async run({ values, args, terminal, session }) {
    await checkEvidence(values);
    const cpor = await session.connect();
    const { claimId } = await findClaim(cpor, args[0]!);
    await sendEvidence(cpor, claimId, values, terminal);
    const { comment } = values;
    showClaim(terminal, await cpor.claims.answer(claimId, { ...(comment !== undefined && { comment }), resubmit: !values['no-resubmit'] }));
  },
});
