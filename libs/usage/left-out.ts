import type { EntityManager } from 'typeorm';
import { closedSql, type MonthSpan, Parameters, type UsageReader } from './gate.js';

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
export function readLeftOut(manager: EntityManager, reader: UsageReader, { from, to }: MonthSpan): Promise<LeftOut[]> {
  const parameters = new Parameters();
  const closed = closedSql(reader, parameters);
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
