import { defineCommand } from '../shell/command.js';
import { claimArgument, findClaim } from './claim-reference.js';
import { checkEvidence, evidenceOptions, sendEvidence } from './evidence.js';
import { showClaim } from './facts.js';

export const submitCommand = defineCommand({
  about: 'submits a draft',
  args: [claimArgument],
  options: evidenceOptions,
  examples: ['cpor claims submit CLM-000123', 'cpor claims submit CLM-000123 --evidence sow.pdf --signed-on 2026-11-30'],
  async run({ values, args, terminal, session }) {
    await checkEvidence(values);
    const cpor = await session.connect();
    const { claimId } = await findClaim(cpor, args[0]!);
    await sendEvidence(cpor, claimId, values, terminal);
    showClaim(terminal, await cpor.claims.submit(claimId));
  },
});
