import { parseArgs } from 'node:util';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { repairClaims, repairImports } from '#libs/reconciliation/index.js';
import { openDatabase, readCliConfig, required } from './stack.js';

const usage = `Usage: cpor reconcile [--grace SECONDS]

Rings for every claim with a command that has no outcome, an overdue deadline, or no workflow although it is open.
Run it after Temporal's store was lost: it rebuilds the workflows from PostgreSQL.

  --grace SECONDS   leave alone what is younger; 0 by default
`;

/** The reconciliation, run by hand and at once. */
export async function reconcileCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { grace: { type: 'string', default: '0' }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const config = readCliConfig();
  const { namespace, apiKey, tls } = config.temporal;
  const address = required(config.temporal.address, 'TEMPORAL_ADDRESS');
  const source = await openDatabase(config);
  const { client, close } = createClient({ address, namespace, apiKey, useTls: tls }, config.codecKeys);
  try {
    const engine = new ClaimEngine(client);
    await repairImports(source, engine);
    const { repaired, failed, byReason, unlisted } = await repairClaims(source, engine, { graceSeconds: Number(values.grace) });
    const counts = Object.entries(byReason).map(([reason, count]) => `${reason} ${count}`);
    process.stdout.write(`Rang for ${repaired} claims (${counts.join(', ')}).\n`);
    if (failed > 0) process.stderr.write(`${failed} claims could not be rung for. Is Temporal at ${address} reachable? Run it again.\n`);
    if (unlisted !== null) {
      process.stderr.write(
        `Claims without a workflow could not be looked for: Temporal at ${address} does not list workflows (${unlisted}). Run it again.\n`,
      );
    }
    return failed === 0 && unlisted === null ? 0 : 1;
  } finally {
    await source.destroy();
    await close();
  }
}
