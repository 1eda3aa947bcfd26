import type { EntityManager } from 'typeorm';
import type { MonthSpan } from './rows-of-grant.js';
import { SqlParameters } from './sql-parameters.js';
import { type Touched, touchedColumns } from './touched.js';
import { grantsAndClosedSql, ownAssociations, type UsageViewer } from './usage-access.js';

/** An association that a read of all usage leaves out because it has ended. It names the viewer's own claim, but reveals no usage. */
export interface LeftOut {
  associationId: string;
  claimNumber: string;
  partnerId: string;
  /** ISO date. */
  associatedOn: string;
  /** Null while the end has not been recorded yet. */
  endedAt: string | null;
}

/** Lists the associations that were live in one of the requested months and are closed now, the latest end first. */
export function readLeftOut(manager: EntityManager, viewer: UsageViewer, { from, to }: MonthSpan): Promise<LeftOut[]> {
  const parameters = new SqlParameters();
  const closed = grantsAndClosedSql(viewer, parameters);
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

/** Finds an association of the viewer's locations, open or not, as the log records a read that showed nothing. Returns null when there is none. */
export async function findOwnAssociation(
  manager: EntityManager,
  viewer: UsageViewer,
  associationId: string,
  { from, to }: MonthSpan,
): Promise<Touched | null> {
  const parameters = new SqlParameters();
  const own = `a.association_id = ${parameters.add(associationId)} AND ${ownAssociations(viewer, parameters)}`;
  const [found] = await manager.query<Omit<Touched, 'fromMonth' | 'toMonth' | 'rows'>[]>(
    `SELECT ${touchedColumns('own')} FROM (SELECT a.*, a.target AS held_target, cpor_now() AS at FROM associations a WHERE ${own}) own`,
    parameters.values,
  );
  return found === undefined ? null : { ...found, fromMonth: from ?? null, toMonth: to ?? null, rows: 0 };
}
