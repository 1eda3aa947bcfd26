import { defineCommand, numberOf } from '../shell/command.js';
import { claimArgument, findClaim } from './claim-reference.js';
import { showClaim } from './facts.js';

export const withdrawCommand = defineCommand({
  about: 'withdraws a claim, or some of its lines, for good',
  args: [claimArgument],
  options: {
    line: { type: 'string', multiple: true, value: 'NUMBER', about: 'only this line' },
    comment: { type: 'string', value: 'TEXT', about: 'why' },
    yes: { type: 'boolean', about: 'do it without being asked' },
  },
  examples: ['cpor claims withdraw CLM-000123 --comment "The project was postponed."'],
  async run({ values, args, terminal, session }) {
    const lines = values.line.map((line) => numberOf(line, '--line'));
    const cpor = await session.connect();
    const claim = await findClaim(cpor, args[0]!);
    const what = lines.length > 0 ? `Line ${lines.join(', ')} of ${claim.number}` : claim.number;
    if (!(await terminal.confirm(`Withdraw ${what} (${claim.status}) for good?`, values.yes))) return terminal.say('Nothing was done.');
    const { comment } = values;
    const body = { ...(lines.length > 0 && { lines }), ...(comment !== undefined && { comment }) };
    showClaim(terminal, await cpor.claims.withdraw(claim.claimId, body, { ifMatch: claim }));
  },
});
