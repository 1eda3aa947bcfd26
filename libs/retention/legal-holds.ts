import type { DataSource } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import type { Queryable } from './erasure.js';

/** A legal hold and its release, if any. Reasons are null once erased. */
export interface LegalHold {
  holdId: string;
  claimId: string;
  reason: string | null;
  placedBy: string;
  placedAt: string;
  release: { reason: string | null; releasedBy: string; releasedAt: string } | null;
}

export interface HoldRequest {
  /** Derived from caller, idempotency key and URL, so that a repeat has the same id. */
  requestId: string;
  claimId: string;
  reason: string;
  by: string;
  fingerprint: string;
}

export type HoldOutcome = { result: 'done' | 'repeated'; hold: LegalHold } | { result: 'conflict' | 'unknown' | 'released_before' };

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const holdSql = (where: string) => `
  SELECT h.hold_id AS "holdId", h.claim_id AS "claimId", why.content ->> 'text' AS reason, h.placed_by AS "placedBy",
    ${iso('h.placed_at')} AS "placedAt",
    CASE WHEN r.hold_id IS NOT NULL THEN jsonb_build_object(
      'reason', ended.content ->> 'text', 'releasedBy', r.released_by, 'releasedAt', ${iso('r.released_at')}) END AS release
  FROM legal_holds h
  LEFT JOIN personal_data why ON why.person_id = h.text_id
  LEFT JOIN legal_hold_releases r USING (hold_id)
  LEFT JOIN personal_data ended ON ended.person_id = r.text_id
  WHERE ${where} ORDER BY h.placed_at, h.hold_id`;

/** Lists a claim's legal holds, oldest first. */
export const listHolds = (database: Queryable, claimId: string): Promise<LegalHold[]> =>
  database.query(holdSql('h.claim_id = $1'), [claimId]);

async function findHold(database: Queryable, claimId: string, holdId: string): Promise<LegalHold | null> {
  const [hold] = await database.query<LegalHold[]>(holdSql('h.claim_id = $1 AND h.hold_id = $2'), [claimId, holdId]);
  return hold ?? null;
}

/** Places a hold on an existing claim: until its release, nothing of the claim is erased. */
export async function placeHold(source: DataSource, request: HoldRequest): Promise<HoldOutcome> {
  const { requestId, claimId, reason, by, fingerprint } = request;
  const inserted = await source.query<unknown[]>(
    `WITH hold AS (
       INSERT INTO legal_holds (hold_id, claim_id, text_id, placed_by, fingerprint) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (hold_id) DO NOTHING RETURNING hold_id
     ), words AS (
       INSERT INTO personal_data (person_id, claim_id, kind, content) SELECT $3, $2, 'text', $6 FROM hold
     )
     SELECT hold_id FROM hold`,
    [requestId, claimId, textIdOf(requestId), by, fingerprint, { text: reason }],
  );
  const [stored] = await source.query<{ fingerprint: string }[]>('SELECT fingerprint FROM legal_holds WHERE hold_id = $1', [requestId]);
  const hold = await findHold(source, claimId, requestId);
  if (hold === null || stored?.fingerprint !== fingerprint) return { result: 'conflict' };
  return { result: inserted.length === 1 ? 'done' : 'repeated', hold };
}

/** Releases a hold, which can be done only once. */
export async function releaseHold(source: DataSource, holdId: string, request: HoldRequest): Promise<HoldOutcome> {
  const { requestId, claimId, reason, by, fingerprint } = request;
  if ((await findHold(source, claimId, holdId)) === null) return { result: 'unknown' };
  const inserted = await source.query<unknown[]>(
    `WITH release AS (
       INSERT INTO legal_hold_releases (hold_id, release_id, text_id, released_by, fingerprint) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING hold_id
     ), words AS (
       INSERT INTO personal_data (person_id, claim_id, kind, content) SELECT $3, $6, 'text', $7 FROM release
     )
     SELECT hold_id FROM release`,
    [holdId, requestId, textIdOf(requestId), by, fingerprint, claimId, { text: reason }],
  );
  const [stored] = await source.query<{ hold_id: string; fingerprint: string }[]>(
    'SELECT hold_id, fingerprint FROM legal_hold_releases WHERE release_id = $1',
    [requestId],
  );
  if (stored === undefined) return { result: 'released_before' };
  if (stored.hold_id !== holdId || stored.fingerprint !== fingerprint) return { result: 'conflict' };
  return { result: inserted.length === 1 ? 'done' : 'repeated', hold: (await findHold(source, claimId, holdId))! };
}

const textIdOf = (requestId: string): string => uuidV5('text', requestId);
