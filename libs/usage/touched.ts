import { compareInstants } from '#libs/claims/index.js';
import type { MonthSpan } from './rows-of-grant.js';

/** An association whose usage was read, in the form that its customer's log records. */
export interface Touched {
  associationId: string;
  claimId: string;
  partnerAccountId: string;
  partnerId: string;
  tenantId: string;
  /** As the association names it, activity included. */
  target: string;
  /** When access was decided. */
  at: string;
  fromMonth: string | null;
  toMonth: string | null;
  rows: number;
}

type Identity = Omit<Touched, 'fromMonth' | 'toMonth' | 'rows'>;

/** A row that was read, or an association without rows. */
export interface SeenRow extends Identity {
  month: string | null;
}

/** SQL of the columns that identify a grant in the logs. */
export const touchedColumns = (grant: string): string => `
  ${grant}.association_id AS "associationId", ${grant}.claim_id AS "claimId", ${grant}.partner_account_id AS "partnerAccountId",
  ${grant}.partner_id AS "partnerId", ${grant}.tenant_id AS "tenantId", ${grant}.held_target AS target,
  to_char(${grant}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`;

/** Sums up rows, ordered by association, into one entry for each. Without rows, an entry has the requested months. */
export function touchedIn(rows: SeenRow[], { from, to }: MonthSpan): Touched[] {
  return [...Map.groupBy(rows, ({ associationId }) => associationId).values()].map((group) => {
    const { associationId, claimId, partnerAccountId, partnerId, tenantId, target, at } = group[0]!;
    const months = group.flatMap(({ month }) => month ?? []).sort(compareInstants);
    const span = { fromMonth: months[0] ?? from ?? null, toMonth: months.at(-1) ?? to ?? null };
    return { associationId, claimId, partnerAccountId, partnerId, tenantId, target, at, ...span, rows: months.length };
  });
}
