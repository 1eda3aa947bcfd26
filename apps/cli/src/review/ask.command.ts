import { claimArgument, findClaim } from '../claims/claim-reference.js';
import { showClaim } from '../claims/facts.js';
import { defineCommand } from '../shell/command.js';
import { UsageError } from '../shell/faults.js';
import { bodyOf, decisionOptions, versionOf } from './decision-options.js';

export const askCommand = defineCommand({
  about: 'asks the partner for more information',
  args: [claimArgument],
  options: {
    ...decisionOptions,
    reason: { type: 'string', multiple: true, value: 'CODE', about: "one of the programme's request reasons; needed" },
  },
  examples: ['cpor review ask CLM-000123 --reason evidence_products_missing --comment "Teams Phone is not on the evidence."'],
  async run({ values, args, terminal, session }) {
    if (values.reason.length === 0) throw new UsageError('--reason is missing: name at least one of the reasons of the programme.');
    const cpor = await session.connect();
    const claim = await findClaim(cpor, args[0]!);
    const body = { reasons: values.reason, ...bodyOf(values) };
    showClaim(terminal, await cpor.reviews.requestInformation(claim.claimId, body, { ifMatch: versionOf(claim, values) }));
  },
});
