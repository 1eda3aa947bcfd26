import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import type { CliConfig } from '#libs/config/index.js';
import { ClaimEngine, createClient, type EngineClaim } from '#libs/engine/index.js';
import { sandboxLinkKey } from '#libs/notices/index.js';
import { type HeldMail, heldMails, holdMails, recordLettersSent, releaseMails } from '#libs/reconciliation/index.js';
import { openDatabase, readCliConfig, required } from './stack.js';

export const usage = `Usage: cpor mails hold
       cpor mails list [--json]
       cpor mails release CLAIM... | --all
       cpor mails mark-sent CLAIM... | --all

Keeps mails from going out twice after the database was restored to an earlier instant.

  hold        holds every mail that has no answer of a mail server yet. Run it after the restore,
              before API and worker start: afterwards these mails would be sent
  list        shows the mails that are held. Search the relay's log for what their Message-IDs begin with
  release     lets held mails be sent. A notice is always sent again, if need be: its window begins
              with what a mail server answers, and its link is the same as before
  mark-sent   records held letters as sent, because the relay's log shows them; notices stay held

  --all       the mails of all claims, instead of the named ones (CLM-000123, or the id)
  --json      print the list as JSON

Exit code 1: a named claim does not exist; nothing was changed.
`;

/** Holds mails after a restore, and lets a person decide on each. */
export async function mailsCommand(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({ args, options: { all: flag, json: flag, help: flag }, allowPositionals: true });
  const [action = '', ...names] = positionals;
  const isChosen = values.all !== names.length > 0;
  const isUsed = { hold: names.length === 0, list: names.length === 0, release: isChosen, 'mark-sent': isChosen }[action] === true;
  if (values.help || !isUsed) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const config = readCliConfig();
  const source = await openDatabase(config);
  try {
    if (action === 'hold') return await hold(source, linkKeyOf(config));
    if (action === 'list') return await list(source, values.json);
    const claimIds = values.all ? null : await claimIdsOf(source, names);
    if (claimIds?.length === 0) return 1;
    return await (action === 'release' ? release(source, claimIds) : markSent(source, claimIds));
  } finally {
    await source.destroy();
  }
}

/** The worker's key, by which the links of mails that were sent are known. @throws an Error that says how to set it */
function linkKeyOf({ linkKey, mode, dataDirectory }: CliConfig): Uint8Array {
  if (linkKey !== null) return linkKey;
  if (mode === 'sandbox') return sandboxLinkKey(dataDirectory);
  throw new Error('CPOR_LINK_KEY is not set. Set it as for the worker: customers may hold mails whose links must work.');
}

async function hold(source: DataSource, linkKey: Uint8Array): Promise<number> {
  const { mails, claims } = await holdMails(source, { linkKey });
  process.stdout.write(`Held ${mails} mails of ${claims} claims.${mails === 0 ? '' : ' See them with: cpor mails list'}\n`);
  return 0;
}

async function list(source: DataSource, isJson: boolean): Promise<number> {
  const mails = await heldMails(source);
  process.stdout.write(
    isJson ? `${JSON.stringify(mails, null, 2)}\n` : mails.length === 0 ? 'No mail is held.\n' : mails.map(lineOf).join(''),
  );
  return 0;
}

const lineOf = ({ number, kind, mail, id, attempts }: HeldMail): string =>
  `${number}  ${kind.padEnd(20)}  ${mail}-${id}  ${attempts === 0 ? 'no attempt is on record' : `${attempts} attempts`}\n`;

async function release(source: DataSource, claimIds: string[] | null): Promise<number> {
  const claims = await releaseMails(source, claimIds);
  process.stdout.write(`Released the mails of ${claims.length} claims.\n`);
  if (claims.length > 0) await wake(claims);
  return 0;
}

/** The mails are free by now: claims that cannot be woken are found by the reconciliation. */
async function wake(claims: EngineClaim[]): Promise<void> {
  const config = readCliConfig();
  const { address, namespace, apiKey, tls } = config.temporal;
  const { client, close } = createClient(
    { address: required(address, 'TEMPORAL_ADDRESS'), namespace, apiKey, useTls: tls },
    config.codecKeys,
  );
  try {
    const engine = new ClaimEngine(client);
    const woken = await Promise.allSettled(claims.map((claim) => engine.wake(claim)));
    const failed = woken.filter(({ status }) => status === 'rejected').length;
    if (failed > 0)
      process.stderr.write(`${failed} claims could not be told yet. The worker finds them within minutes, or run: cpor reconcile\n`);
  } finally {
    await close();
  }
}

async function markSent(source: DataSource, claimIds: string[] | null): Promise<number> {
  const letters = await recordLettersSent(source, claimIds);
  const left = await heldMails(source);
  process.stdout.write(`Recorded ${letters} letters as sent. ${left.length} mails are still held.\n`);
  return 0;
}

/** Returns the ids of claims by number or id; none at all, and says so, when one is unknown. */
async function claimIdsOf(source: DataSource, names: string[]): Promise<string[]> {
  const rows = await source.query<{ claimId: string; number: string }[]>(
    `SELECT claim_id AS "claimId", number FROM claims WHERE number = ANY($1) OR claim_id::text = ANY($1)`,
    [names],
  );
  const unknown = names.filter((name) => rows.every(({ claimId, number }) => name !== claimId && name !== number));
  if (unknown.length === 0) return rows.map(({ claimId }) => claimId);
  process.stderr.write(`There is no claim ${unknown.join(' and no ')}. Nothing was changed.\n`);
  return [];
}
