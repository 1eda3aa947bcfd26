import { parseArgs } from 'node:util';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { repairClaims, repairImports } from '#libs/reconciliation/index.js';
import { openDatabase, readCliConfig, required } from './stack.js';

export const usage = `Usage: cpor reconcile [--grace SECONDS]

Wakes every claim that has an unexecuted command or an overdue deadline, or that is open but has no workflow.
Run it after Temporal has lost its data: it rebuilds the workflows from PostgreSQL.

  --grace SECONDS   skip work younger than this; default 0
`;

/** Runs the reconciliation once, now. */
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
    process.stdout.write(`Woke ${repaired} claims (${counts.join(', ')}).\n`);
    if (failed > 0)
      process.stderr.write(
        `${failed} claims could not be woken. Check that Temporal at ${address} is reachable, and run the command again.\n`,
      );
    if (unlisted !== null) {
      process.stderr.write(
        `Claims without a workflow could not be found, because Temporal at ${address} did not list its workflows (${unlisted}). Run the command again.\n`,
      );
    }
    return failed === 0 && unlisted === null ? 0 : 1;
  } finally {
    await source.destroy();
    await close();
  }
}
