import type { MonthSpan } from './gate.js';

/** An association that a read was about: what its customer's log will hold. */
export interface Touched {
  associationId: string;
  claimId: string;
  partnerAccountId: string;
  partnerId: string;
  tenantId: string;
  /** As the association names it. */
  target: string;
  /** Instant at which the right to read was decided. */
  at: string;
  fromMonth: string | null;
  toMonth: string | null;
  rows: number;
}

type Seen = Omit<Touched, 'fromMonth' | 'toMonth' | 'rows' | 'target'> & { heldTarget: string; month: string | null };

/** What rows, in the order of their associations, tell of each; the months asked for stand in where there are no rows. */
export function touchedIn(rows: Seen[], { from, to }: MonthSpan): Touched[] {
  return [...Map.groupBy(rows, ({ associationId }) => associationId).values()].map((group) => {
    const { associationId, claimId, partnerAccountId, partnerId, tenantId, heldTarget, at } = group[0]!;
    const months = group.flatMap(({ month }) => month ?? []).sort();
    const span = { fromMonth: months[0] ?? from ?? null, toMonth: months.at(-1) ?? to ?? null };
    return { associationId, claimId, partnerAccountId, partnerId, tenantId, target: heldTarget, at, ...span, rows: months.length };
  });
}
