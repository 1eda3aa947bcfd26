import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { type RecordedEvent, toEvent } from '#libs/event-store/index.js';
import { withinScope } from './claim-rows.js';

export const HistoryEntry = z
  .object({
    version: z.int().min(1).max(1_000_000),
    type: z.string().describe('Name of the event. An open list.'),
    title: z.string().nullable().describe('What happened in one sentence, in the language asked for; null for an event this version cannot word.'),
    at: z.iso.datetime().describe('From which instant it holds.'),
    recordedAt: z.iso.datetime().describe('When it was written down.'),
    by: z.object({ kind: z.enum(['partner', 'reviewer', 'customer', 'operator', 'system']), subject: z.string().nullable() }),
    comment: z.string().nullable().describe('What a person wrote; null when nothing was written, or it was erased.'),
    data: z.record(z.string(), z.unknown()).describe('Facts of the event, as far as the caller may know them.'),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.output<typeof HistoryEntry>;

interface Row {
  event: Parameters<typeof toEvent>[0];
  words: string | null;
}

/** Reads what happened to a claim, oldest first, or null when there is none inside the scope. */
export async function readHistory(
  database: Pick<EntityManager, 'query'>,
  scope: Scope,
  claimId: string,
  page: { after: number; limit: number },
): Promise<HistoryEntry[] | null> {
  const parameters: unknown[] = [claimId];
  const [claim] = await database.query<unknown[]>(
    `SELECT 1 FROM claims c WHERE c.claim_id = $1 AND c.version > 0 AND ${withinScope(scope, parameters)}`,
    parameters,
  );
  if (claim === undefined) return null;
  const isVendor = scope.kind === 'everything';
  const rows = await database.query<Row[]>(
    `SELECT to_jsonb(e) - 'hash' - 'transaction_id' AS event,
       (SELECT content ->> 'text' FROM personal_data p WHERE p.person_id = (e.data ->> 'textId')::uuid) AS words
     FROM claim_events e WHERE claim_id = $1 AND version > $2 AND ($3 OR e.data ->> 'visibility' IS DISTINCT FROM 'internal')
     ORDER BY version LIMIT $4`,
    [claimId, page.after, isVendor, page.limit],
  );
  return rows.map(({ event, words }) => entry(toEvent(event), words, isVendor));
}

function entry({ version, type, at, recordedAt, by, data }: RecordedEvent, comment: string | null, isVendor: boolean): HistoryEntry {
  const isShown = isVendor || by.kind === 'partner' || by.kind === 'system';
  return { version, type, title: null, at, recordedAt, by: { kind: by.kind, subject: isShown ? by.subject : null }, comment, data: withoutPeople(data) };
}

/** References to people say nothing to a reader. */
const references = new Set(['personId', 'textId', 'emailDomain', 'missingFields']);

function withoutPeople(data: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(data, (key, value: unknown) => (references.has(key) ? undefined : value))) as Record<string, unknown>;
}
