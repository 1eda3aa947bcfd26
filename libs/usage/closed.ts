import type { EntityManager } from 'typeorm';
import { closedSql, inScope, type MonthSpan, SqlParameters, type UsageViewer } from './gate.js';
import { type Touched, touchedColumns } from './touched.js';

/** An association that a read of all the caller's passes over, for it has ended. It tells of the caller's own claim, and nothing of its usage. */
export interface LeftOut {
  associationId: string;
  claimNumber: string;
  partnerId: string;
  /** ISO date. */
  associatedOn: string;
  /** Null as long as the end is not carried out yet. */
  endedAt: string | null;
}

/** Lists what is left out of the months asked for, the latest end first: associations that were live in one of them and are closed now. */
export function readLeftOut(manager: EntityManager, viewer: UsageViewer, { from, to }: MonthSpan): Promise<LeftOut[]> {
  const parameters = new SqlParameters();
  const closed = closedSql(viewer, parameters);
  const conditions = [
    'true',
    ...(from === undefined ? [] : [`(last_month IS NULL OR last_month + interval '1 month' >= ${parameters.add(from)}::date)`]),
    ...(to === undefined ? [] : [`first_month <= ${parameters.add(to)}`]),
  ];
  return manager.query<LeftOut[]>(
    `WITH ${closed}
     SELECT association_id AS "associationId", number AS "claimNumber", partner_id AS "partnerId", associated_on::text AS "associatedOn",
       to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "endedAt"
     FROM closed WHERE ${conditions.join(' AND ')} ORDER BY ended_at DESC NULLS FIRST, association_id`,
    parameters.values,
  );
}

/** An association of the caller's locations, whether it is open or not, as a read of it would be logged that shows nothing; null when there is none. */
export async function findOwn(
  manager: EntityManager,
  { scope }: UsageViewer,
  associationId: string,
  { from, to }: MonthSpan,
): Promise<Touched | null> {
  const parameters = new SqlParameters();
  const own = `a.association_id = ${parameters.add(associationId)} AND ${inScope(scope, parameters)}`;
  const [found] = await manager.query<Omit<Touched, 'fromMonth' | 'toMonth' | 'rows'>[]>(
    `SELECT ${touchedColumns('own')} FROM (SELECT a.*, a.target AS held_target, cpor_now() AS at FROM associations a WHERE ${own}) own`,
    parameters.values,
  );
  return found === undefined ? null : { ...found, fromMonth: from ?? null, toMonth: to ?? null, rows: 0 };
}
