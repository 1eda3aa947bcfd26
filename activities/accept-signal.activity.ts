import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { z } from 'zod';
import type { Actor } from '#libs/claims/index.js';
import { cutTo, storableText } from '#libs/identifiers/index.js';
import { commandIdOf, contentWithText, sendCommand } from '#libs/inbox/index.js';
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
/** Characters that PostgreSQL cannot store are replaced, and long texts are cut: the rest of the message still counts. */
const text = z
  .string()
  .transform((words) => cutTo(storableText(words), longestText))
  .optional()
  .catch(undefined);
/** Reasons are codes. Free text in their place may identify people, so it never enters the inbox. */
const reasonCode = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/)
  .catch('unknown');
// Lenient on purpose: nobody receives a signal's shape errors, and a customer's refusal must not fail because its reason is malformed.
const optOutBody = z.object({ lines, reason: text }).catch({});
const requestBody = z
  .object({ lines, reason: reasonCode.optional(), reasons: z.array(reasonCode).max(100).optional().catch(undefined), comment: text })
  .catch({});

/** Stores the message that a signal from any Temporal client carries, to be treated like any other command. */
export const acceptSignalActivity =
  ({ source }: Pick<ActivityDependencies, 'source'>) =>
  async ({ claimId, name, key, body }: RawSignal): Promise<void> => {
    const commandId = commandIdOf('temporal', key);
    const sent = { commandId, claimId, request: { name, key } };
    if (name === 'optOut') await sendCommand(source.manager, { ...sent, ...optOut(commandId, body) });
    else await sendCommand(source.manager, { ...sent, ...requestInformation(commandId, body) });
  };

/** A signal that names a command, which may or may not be stored. */
export interface UncertainSignal extends Omit<RawSignal, 'claimId'> {
  commandId: string;
}

/**
 * Stores the messages of signals that name a command which does not exist: a refusal must not be lost because its sender made up an id. Such
 * a message appears in the inbox, and with its outcome in the history, like that of any other raw signal.
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

const senderOf = (kind: Actor['kind']): Actor => ({ kind, subject: 'temporal', actsFor: [] });

function optOut(commandId: string, body: unknown) {
  const { lines: named, reason } = optOutBody.parse(body);
  const content = contentWithText(commandId, reason, (textId) => ({ lines: named, textId }));
  return { type: 'optOut' as const, actor: senderOf('customer'), ...content };
}

function requestInformation(commandId: string, body: unknown) {
  const { lines: named, reason, reasons: several, comment } = requestBody.parse(body);
  const reasons = several ?? (reason === undefined ? [] : [reason]);
  const content = contentWithText(commandId, comment, (textId) => ({ lines: named, reasons, textId }));
  return { type: 'requestInformation' as const, actor: senderOf('reviewer'), ...content };
}
