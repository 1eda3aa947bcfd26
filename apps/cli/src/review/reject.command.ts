import { claimArgument, findClaim } from '../claims/claim-reference.js';
import { showClaim } from '../claims/facts.js';
import { defineCommand } from '../shell/command.js';
import { UsageError } from '../shell/faults.js';
import { bodyOf, decisionOptions, versionOf } from './decision-options.js';

export const rejectCommand = defineCommand({
  about: 'rejects a claim, or some of its lines',
  args: [claimArgument],
  options: {
    ...decisionOptions,
    reason: { type: 'string', value: 'CODE', about: "one of the programme's rejection reasons; needed" },
    yes: { type: 'boolean', about: 'do it without being asked' },
  },
  examples: ['cpor review reject CLM-000123 --reason evidence_insufficient --comment "The statement covers another tenant."'],
  async run({ values, args, terminal, session }) {
    const { reason } = values;
    if (reason === undefined) throw new UsageError('--reason is missing: name one of the reasons of the programme.');
    const cpor = await session.connect();
    const claim = await findClaim(cpor, args[0]!);
    if (!(await terminal.confirm(`Reject ${claim.number} (${reason})?`, values.yes))) return terminal.say('Nothing was done.');
    const body = { outcome: 'reject' as const, reason, ...bodyOf(values) };
    showClaim(terminal, await cpor.reviews.decide(claim.claimId, body, { ifMatch: versionOf(claim, values) }));
  },
});
