import { z } from 'zod';
import { type ClockName, publicClockNames, type phases, statusLabel } from '#libs/claims/index.js';
import type { ClaimSummary } from './claim-list.js';
import { Phase } from '../claim/claim-view.schema.js';

const instant = z.iso.datetime();

/** How many hours before its deadline a claim is marked as due soon. */
export const dueSoonHours = 48;

export const Warning = z.enum(['overdue', 'due_soon']).meta({
  id: 'DeadlineWarning',
  description: `\`overdue\`: a clock has run out; \`due_soon\`: one runs out within ${dueSoonHours} hours. More values may be added.`,
});
type Warning = z.output<typeof Warning>;

export const NextDeadline = z
  .object({ clock: z.enum(Object.values(publicClockNames)), at: instant, isBreached: z.boolean() })
  .meta({ id: 'NextDeadline', description: 'The earliest clock, including one that has run out and stays until somebody acts.' });

export const ClaimSummaryView = z
  .object({
    claimId: z.string(),
    number: z.string(),
    version: z.int().min(0).max(1_000_000),
    name: z.string(),
    phase: Phase,
    status: z.string().describe("Label for people; during the customer's window it includes the deadline. Use `phase` in code."),
    area: z.string(),
    products: z.array(z.string()),
    activities: z.array(z.string()),
    partnerAccountId: z.string(),
    partnerId: z.string(),
    tenantId: z.string(),
    customerName: z.string().nullable().describe("The tenant's name. Null until the claim states one of the tenant's domains."),
    domain: z.string().nullable(),
    externalReference: z.string().nullable(),
    tags: z.array(z.string()),
    reasons: z.array(z.string()).describe('Reason codes of all rejections and information requests so far.'),
    isOpen: z.boolean(),
    nextDeadlineAt: instant.nullable().describe('The next deadline still ahead.'),
    nextDeadline: NextDeadline.nullable(),
    warnings: z.array(Warning),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'ClaimSummary' });
export type ClaimSummaryView = z.output<typeof ClaimSummaryView>;

/** Returns a claim as lists show it. */
export function summaryView(summary: ClaimSummary): ClaimSummaryView {
  const { dueClock, dueAt, isBreached, dueInMs, phase, ...rest } = summary;
  const known = phase as (typeof phases)[number];
  const hasRunOut = dueInMs !== null && dueInMs < 0;
  return {
    ...rest,
    phase: known,
    status: statusLabel(known, dueClock === 'K5' ? dueAt : null)?.en ?? phase,
    nextDeadline: dueAt === null ? null : { clock: publicClockNames[dueClock as ClockName], at: dueAt, isBreached: hasRunOut },
    warnings: [
      ...(isBreached || hasRunOut ? (['overdue'] as const) : []),
      ...(dueInMs !== null && dueInMs >= 0 && dueInMs <= dueSoonHours * 3_600_000 ? (['due_soon'] as const) : []),
    ] satisfies Warning[],
  };
}
