import type { EntityManager } from 'typeorm';

type Queryable = Pick<EntityManager, 'query'>;

/** The record of sessions that an operator ended for somebody else. */
export interface SessionEnd {
  endId: string;
  subject: string;
  sessionIds: string[];
  endedBy: string;
  endedAt: string;
}

export interface SessionEndRequest {
  /** Derived from caller, idempotency key and URL, so that a repeat has the same id. */
  endId: string;
  subject: string;
  /** Null ends all sessions of the person. */
  sessionId: string | null;
  by: string;
}

/**
 * Ends sessions of a person and records who did it, in one statement. A repeat ends nothing and returns the first record, also of a request
 * for another person: compare `subject`.
 */
export async function endSessionsOf(database: Queryable, { endId, subject, sessionId, by }: SessionEndRequest): Promise<SessionEnd> {
  await database.query(
    `WITH ended AS (
       DELETE FROM sessions WHERE subject = $2 AND ($3::uuid IS NULL OR session_id = $3)
         AND NOT EXISTS (SELECT FROM session_ends WHERE end_id = $1)
       RETURNING session_id
     )
     INSERT INTO session_ends (end_id, subject, session_ids, ended_by)
     SELECT $1, $2, coalesce(array_agg(session_id ORDER BY session_id), '{}'), $4 FROM ended
     ON CONFLICT (end_id) DO NOTHING`,
    [endId, subject, sessionId, by],
  );
  const [row] = await database.query<(Omit<SessionEnd, 'endedAt'> & { endedAt: Date })[]>(
    `SELECT end_id AS "endId", subject, session_ids AS "sessionIds", ended_by AS "endedBy", ended_at AS "endedAt"
     FROM session_ends WHERE end_id = $1`,
    [endId],
  );
  return { ...row!, endedAt: row!.endedAt.toISOString() };
}
