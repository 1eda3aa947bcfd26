import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import type { CliConfig } from '#libs/config/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { openDatabase, readCliConfig } from '../stack.js';
import { type Entry, readEntries } from './entries.js';

export const usage = `Usage: cpor explain CLAIM [--json]

Shows everything about one claim, in order: commands with their outcomes, events, mails, answers
of the directory, webhooks, repairs, and what its workflow waits for. CLAIM is its number, such as
CLM-000123, or its id. Names, addresses and texts of people are never shown.

  --json   print it as JSON

Exit code 1: there is no such claim.
`;

interface ClaimFacts {
  claimId: string;
  number: string;
  phase: string;
  version: number;
  lines: { line: number; phase: string; target: string | null }[];
  /** When the claim acts next by itself; null if never. */
  alarmAt: Date | null;
  /** The product's clock. */
  now: Date;
}

interface Explanation extends ClaimFacts {
  entries: Entry[];
  /** What Temporal says of the claim's workflow. */
  workflow: string;
}

/** Shows everything about one claim across PostgreSQL, Temporal and the mails. */
export async function explainCommand(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({ args, options: { json: flag, help: flag }, allowPositionals: true });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) {
    process.stderr.write(`Name one claim.\n\n${usage}`);
    return 2;
  }
  const config = readCliConfig();
  const source = await openDatabase(config);
  try {
    const facts = await findClaim(source, name);
    if (facts === null) {
      process.stderr.write(`There is no claim ${name}.\n`);
      return 1;
    }
    const [entries, workflow] = await Promise.all([readEntries(source, facts.claimId), describeWorkflow(config, facts.claimId)]);
    const explanation = { ...facts, entries, workflow };
    process.stdout.write(values.json ? `${JSON.stringify(explanation, null, 2)}\n` : textOf(explanation));
    return 0;
  } finally {
    await source.destroy();
  }
}

const claimSql = `
  SELECT claim_id AS "claimId", number, phase, version, alarm_at AS "alarmAt", cpor_now() AS now,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('line', line, 'phase', l.phase, 'target', target) ORDER BY line), '[]')
      FROM claim_lines l WHERE l.claim_id = c.claim_id) AS lines
  FROM claims c WHERE`;

async function findClaim(source: DataSource, name: string): Promise<ClaimFacts | null> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name);
  const [claim] = await source.query<ClaimFacts[]>(`${claimSql} ${isId ? 'claim_id = $1' : 'number = upper($1)'}`, [name]);
  return claim ?? null;
}

async function describeWorkflow({ temporal, codecKeys }: CliConfig, claimId: string): Promise<string> {
  const { address, namespace, apiKey, tls } = temporal;
  if (address === null) return 'TEMPORAL_ADDRESS is not set.';
  const { client, close } = createClient({ address, namespace, apiKey, useTls: tls }, codecKeys);
  try {
    const found = await new ClaimEngine(client).process(claimId);
    if (found === null) return 'Temporal knows no workflow of this claim.';
    const { runStatus, historyEvents, view, retrying } = found;
    const steps = retrying.map(
      ({ step, attempt, error }) => ` Step ${step} is at attempt ${attempt}${error === null ? '' : `: ${error}`}.`,
    );
    return `Workflow ${runStatus}, ${historyEvents} events in its history, waits for ${JSON.stringify(view)}.${steps.join('')}`;
  } catch (error) {
    return `Temporal does not say: ${(error as Error).message}`;
  } finally {
    await close();
  }
}

function textOf({ number, claimId, version, now, lines, alarmAt, entries, workflow }: Explanation): string {
  const alarm =
    alarmAt === null
      ? 'It does nothing by itself.'
      : `Acts by itself at ${alarmAt.toISOString()}${alarmAt < now ? ', which is OVERDUE' : ''}.`;
  return [
    `${number}  ${claimId}  version ${version}  (the clock of the product: ${now.toISOString()})`,
    ...lines.map(({ line, phase, target }) => `  line ${line}: ${phase}${target === null ? '' : `, ${target}`}`),
    alarm,
    workflow,
    '',
    ...entries.map(({ at, source, text }) => `${at.toISOString()}  ${source.padEnd(9)}  ${text}`),
    '',
  ].join('\n');
}
