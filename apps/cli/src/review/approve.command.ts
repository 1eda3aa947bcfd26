import { claimArgument, findClaim } from '../claims/claim-reference.js';
import { showClaim } from '../claims/facts.js';
import { defineCommand } from '../shell/command.js';
import { bodyOf, decisionOptions, versionOf } from './decision-options.js';

export const approveCommand = defineCommand({
  about: 'approves a claim, whose customer is then informed',
  args: [claimArgument],
  options: {
    ...decisionOptions,
    'clear-hold': { type: 'string', multiple: true, value: 'CODE', about: 'a hold that you have checked' },
    yes: { type: 'boolean', about: 'do it without being asked' },
  },
  examples: ['cpor review approve CLM-000123', 'cpor review approve CLM-000123 --line 1 --if-version 7 --yes'],
  async run({ values, args, terminal, session }) {
    const cpor = await session.connect();
    const claim = await findClaim(cpor, args[0]!);
    const held = values['clear-hold'];
    const body = { outcome: 'approve' as const, ...bodyOf(values), ...(held.length > 0 && { clearedHolds: held }) };
    if (!(await terminal.confirm(`Approve ${claim.number} and inform ${claim.customerName ?? 'the customer'}?`, values.yes)))
      return terminal.say('Nothing was done.');
    showClaim(terminal, await cpor.reviews.decide(claim.claimId, body, { ifMatch: versionOf(claim, values) }));
  },
});
