import { defineCommand } from '../shell/command.js';
import { claimArgument, findClaim } from './claim-reference.js';
import { showClaim } from './facts.js';

export const showCommand = defineCommand({
  about: 'shows one claim',
  args: [claimArgument],
  options: { history: { type: 'boolean', about: 'show what has happened to it instead' } },
  examples: ['cpor claims show CLM-000123', 'cpor claims show CLM-000123 --history'],
  async run({ values, args, terminal, session }) {
    const cpor = await session.connect();
    const claim = await findClaim(cpor, args[0]!);
    if (!values.history) return showClaim(terminal, claim);
    const entries = await cpor.claims.history(claim.claimId).toArray();
    const columns = [
      { title: 'at', of: (entry: (typeof entries)[number]) => entry.at.slice(0, 16).replace('T', ' ') },
      { title: 'what', of: (entry: (typeof entries)[number]) => [entry.title ?? entry.type, entry.detail].filter(Boolean).join(': ') },
    ];
    terminal.table(entries, columns, 'Nothing has happened yet.');
  },
});
