import type { DataSource } from 'typeorm';
import { validate, v5 as uuidV5 } from 'uuid';
import { z } from 'zod';
import type { Actor, ClaimCommand } from '#libs/claims/index.js';
import { cutTo, storableText } from '#libs/identifiers/index.js';
import { acceptCommand, commandIdOf, fingerprintOf, type PersonalItem } from '#libs/inbox/index.js';
import type { ActivityDependencies } from './dependencies.js';

export interface RawSignal {
  claimId: string;
  name: 'optOut' | 'requestInformation';
  /** The same for each delivery of this signal. */
  key: string;
  body: unknown;
}

const lines = z.array(z.int().min(1)).max(10_000).optional().catch(undefined);
const longestText = 10_000;
/** What PostgreSQL does not keep is replaced, and what is too long is cut: it is still what was said. */
const text = z
  .string()
  .transform((words) => cutTo(storableText(words), longestText))
  .optional()
  .catch(undefined);
/** Reasons are codes. Words in their place may be about people, so they do not get into the inbox. */
const reasonCode = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/)
  .catch('unknown');
// Lenient on purpose: a signal has nobody to send a shape error to, and a customer's refusal must not fail on a malformed reason.
const optOutBody = z.object({ lines, reason: text }).catch({});
const requestBody = z
  .object({ lines, reason: reasonCode.optional(), reasons: z.array(reasonCode).max(100).optional().catch(undefined), comment: text })
  .catch({});

/** Stores what a signal from any Temporal client carries, to be treated like any other command. */
export const acceptSignalActivity =
  ({ source }: Pick<ActivityDependencies, 'source'>) =>
  async ({ claimId, name, key, body }: RawSignal): Promise<void> => {
    const commandId = commandIdOf('temporal', key);
    const { command, personal } = name === 'optOut' ? optOut(commandId, body) : requestInformation(commandId, body);
    await acceptCommand(source.manager, { commandId, claimId, command, fingerprint: fingerprintOf({ name, key }), personal });
  };

/** A signal that names a command, which may be stored or not. */
export interface UncertainSignal extends Omit<RawSignal, 'claimId'> {
  commandId: string;
}

/**
 * Takes signals that name a command nobody stored for what their senders meant: a refusal is not lost since its sender made up an id. What they
 * bring stands in the inbox, and with its outcome in the history, like every other raw signal.
 */
export const acceptUnstoredSignals = (source: DataSource) => {
  const accept = acceptSignalActivity({ source });
  return async (claimId: string, signals: UncertainSignal[]): Promise<void> => {
    if (signals.length === 0) return;
    const named = signals.map(({ commandId }) => commandId).filter((id) => validate(id));
    const rows = await source.query<{ commandId: string }[]>(
      'SELECT command_id AS "commandId" FROM claim_commands WHERE claim_id = $1 AND command_id = ANY ($2::uuid[])',
      [claimId, named],
    );
    const stored = new Set(rows.map(({ commandId }) => commandId));
    for (const { name, key, body, commandId } of signals) {
      if (!stored.has(commandId.toLowerCase())) await accept({ claimId, name, key, body });
    }
  };
};

const sender = (kind: Actor['kind']): Actor => ({ kind, subject: 'temporal', actsFor: [] });

function optOut(commandId: string, body: unknown) {
  const { lines: named, reason } = optOutBody.parse(body);
  const personal = textItem(commandId, reason);
  const command: ClaimCommand = {
    type: 'optOut',
    actor: sender('customer'),
    body: { lines: named, textId: personal[0]?.personId ?? null },
  };
  return { command, personal };
}

function requestInformation(commandId: string, body: unknown) {
  const { lines: named, reason, reasons, comment } = requestBody.parse(body);
  const personal = textItem(commandId, comment);
  const command: ClaimCommand = {
    type: 'requestInformation',
    actor: sender('reviewer'),
    body: { lines: named, reasons: reasons ?? (reason === undefined ? [] : [reason]), textId: personal[0]?.personId ?? null },
  };
  return { command, personal };
}

const textItem = (commandId: string, words: string | undefined): PersonalItem[] =>
  words === undefined ? [] : [{ personId: uuidV5('text', commandId), kind: 'text', content: { text: words } }];
