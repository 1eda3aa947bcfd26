import { parseArgs } from 'node:util';
import { zoneDataVersion } from '#libs/calendar/index.js';
import type { CliConfig } from '#libs/config/index.js';
import { createDirectory } from '#libs/directory/index.js';
import { createClient } from '#libs/engine/index.js';
import { createDataSource, readClock } from '#libs/event-store/index.js';
import { readCliConfig, required } from '../stack.js';
import { checkCalendars } from './calendar.checks.js';
import { type CheckReport, fault, runChecks, sentence, skipped } from './check.js';
import { databaseChecks } from './database.checks.js';
import { outwardChecks } from './outward.checks.js';
import { temporalChecks } from './temporal.checks.js';

export const usage = `Usage: cpor doctor [--json]

Checks an installation: PostgreSQL and what is stored in it, Temporal and its workers, the mail
relay, the directory, the malware scanner, keys and calendars. Of what is wrong it says why it matters and what to do.

  --json   print the report as JSON

Exit code 3: something needs attention.
`;

interface Report {
  /** The product's clock; null if PostgreSQL does not answer. */
  now: string | null;
  node: string;
  zoneData: string;
  checks: CheckReport[];
}

/** Checks the installation, with the settings of this process. */
export async function doctorCommand(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ args, options: { json: flag, help: flag } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const report = await examine(readCliConfig());
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return report.checks.some(({ state }) => state === 'warning' || state === 'fault') ? 3 : 0;
}

async function examine(config: CliConfig): Promise<Report> {
  const source = createDataSource(required(config.database.url, 'DATABASE_URL'), { poolSize: 4, applicationName: 'cpor doctor' });
  const unreachable = await source.initialize().then(
    () => null,
    (error: Error) => error,
  );
  const temporal = examineTemporal(config);
  try {
    const outward = runChecks(outwardChecks(config, createDirectory(config.directory, source)));
    const database = unreachable === null ? await examineDatabase(config, source) : [databaseAway(unreachable)];
    return {
      now: unreachable === null ? await readClock(source).catch(() => null) : null,
      node: process.version,
      zoneData: zoneDataVersion,
      checks: [...database, ...(await temporal), ...(await outward)],
    };
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

async function examineDatabase(config: CliConfig, source: ReturnType<typeof createDataSource>): Promise<CheckReport[]> {
  const found = await runChecks(databaseChecks(source, config.checkpoints.folder !== null));
  return [...found, ...(await checkCalendars(source).catch(() => [{ check: 'calendars', ...skipped('The calendars cannot be read.') }]))];
}

function databaseAway(error: Error): CheckReport {
  const matters = 'Nothing is accepted: requests are answered 503, and callers repeat them.';
  return {
    check: 'database',
    ...fault(`PostgreSQL does not answer: ${sentence(error.message)}`, matters, 'docs/runbooks/database-silent.md'),
  };
}

/** The other checks of Temporal say nothing more when it does not answer at all. */
async function examineTemporal({ temporal, deployment, codecKeys }: CliConfig): Promise<CheckReport[]> {
  const { address, namespace, apiKey, tls } = temporal;
  if (address === null) return [{ check: 'temporal', ...skipped('TEMPORAL_ADDRESS is not set.') }];
  const { client, close } = createClient({ address, namespace, apiKey, useTls: tls }, codecKeys);
  try {
    const { temporal: first, ...rest } = temporalChecks(client, namespace, deployment?.name ?? null);
    const [reached] = await runChecks({ temporal: first! });
    if (reached!.state === 'ok') return [reached!, ...(await runChecks(rest))];
    const matters = 'Requests are accepted and executed, but nothing that waits moves.';
    return [
      { check: 'temporal', ...fault(`Temporal at ${address} does not answer.`, matters, 'Check TEMPORAL_ADDRESS, TLS and the API key.') },
    ];
  } finally {
    await close();
  }
}

const marks = { ok: '✓', warning: '!', fault: '✗', skipped: '-' } as const;

function reportText({ now, node, zoneData, checks }: Report): string {
  const lines = checks.flatMap(({ state, found, matters, mend }) => [
    `${marks[state]} ${found}`,
    ...(matters === null ? [] : [`    ${matters}`]),
    ...(mend === null ? [] : [`    ${mend}`]),
  ]);
  const wrong = checks.filter(({ state }) => state === 'warning' || state === 'fault').length;
  const summary = wrong === 0 ? 'Nothing needs attention.' : `${wrong} of ${checks.length} checks need attention.`;
  return [`Product clock: ${now ?? 'unknown'}. Node.js ${node}, time zone data ${zoneData}.`, ...lines, summary, ''].join('\n');
}
