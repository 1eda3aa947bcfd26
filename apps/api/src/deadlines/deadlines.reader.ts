import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { daysLeft, skippedDays } from '#libs/calendar/index.js';
import { type ClaimEvent, compareInstants, type RunningClock } from '#libs/claims/index.js';
import { readClock } from '#libs/event-store/index.js';
import { Problem } from '#libs/problems/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { type ClaimRow, DeadlineView, deadlineViews, findClaim, waitingOf, WaitingView } from '#libs/read-models/index.js';

const instant = z.iso.datetime();
const days = z.int().min(0).max(100_000);

const ExplainedDeadline = DeadlineView.extend({
  day0: z.string().describe('ISO date of the start in the zone; it is not counted.'),
  unit: z.enum(['business_day', 'calendar_day', 'second']).describe('What was counted; seconds in a sandbox only.'),
  days: days.describe('How many units were counted.'),
  skippedDays: z
    .array(z.object({ on: z.string(), because: z.enum(['weekend', 'holiday']), name: z.string().nullable() }))
    .describe('Dates between the start and the end that were not counted, with the name of the holiday in the words of the calendar.'),
  extensions: z
    .array(z.object({ at: instant, from: instant, to: instant }))
    .describe('How a reviewer has moved it: when, from which instant and to which. The counted days belong to the last.'),
  daysLeft: days.nullable().describe('Units left after today, by the clock of the product: 0 on the last day. Null for seconds.'),
  isOver: z.boolean(),
}).meta({
  id: 'ExplainedDeadline',
  description: 'A running deadline with all that was recorded when it was computed. It is never recalculated.',
});

export const ClaimDeadlines = z
  .object({
    claimId: z.string(),
    asOf: instant.describe('The clock of the product.'),
    standing: WaitingView.extend({
      zone: z.string().nullable().describe('Zone of the deadline; null if it waits without one.'),
      untilLocal: z.string().nullable(),
      unit: ExplainedDeadline.shape.unit.nullable(),
      daysLeft: ExplainedDeadline.shape.daysLeft,
      isOver: z.boolean(),
    })
      .meta({ id: 'Standing' })
      .nullable()
      .describe('What the claim waits for first: whom, for what, until when, and how long that still is. Null if it waits for nobody.'),
    items: z.array(ExplainedDeadline),
  })
  .meta({ id: 'ClaimDeadlines' });
type ClaimDeadlines = z.output<typeof ClaimDeadlines>;

type Extended = Extract<ClaimEvent, { type: 'DeadlineExtended' }>;

/** Explains the running deadlines of a claim from what was recorded with them. */
@Injectable()
export class DeadlinesReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async read(scope: Scope, claimId: string): Promise<ClaimDeadlines> {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim === null) throw new Problem('not_found');
    const asOf = await readClock(this.source);
    const extended = await this.source.query<{ at: Date; data: Extended['data'] }[]>(
      "SELECT at, data FROM claim_events WHERE claim_id = $1 AND type = 'DeadlineExtended' ORDER BY version",
      [claimId],
    );
    const views = deadlineViews(claim);
    const items = await Promise.all(
      claim.state.clocks.map(async (clock, index) => ({
        ...views[index]!,
        ...(await this.explanation(clock, asOf)),
        extensions: extended
          .filter(({ data }) => data.clock === clock.clock && data.lines.some((line) => clock.lines.includes(line)))
          .map(({ at, data }) => ({ at: at.toISOString(), from: data.from, to: data.deadline.dueAt })),
      })),
    );
    return { claimId, asOf, standing: standingOf(claim, items, asOf), items };
  }

  private async explanation({ deadline }: RunningClock, asOf: string) {
    const { day0, days: counted, dueAt } = deadline;
    // The recorded unit may be one that only sandboxes have.
    const unit = deadline.unit;
    return {
      day0,
      unit,
      days: counted,
      skippedDays: skippedDays(await this.library.calendar(deadline.calendar), deadline),
      daysLeft: unit === 'second' ? null : daysLeft({ ...deadline, unit }, asOf),
      isOver: compareInstants(dueAt, asOf) < 0,
    };
  }
}

/** What the claim waits for first. A wait without an end comes after those with one. */
function standingOf(claim: ClaimRow, items: ClaimDeadlines['items'], asOf: string): ClaimDeadlines['standing'] {
  const [first] = waitingOf(claim).toSorted((a, b) => {
    if (a.until === null || b.until === null) return Number(a.until === null) - Number(b.until === null);
    return compareInstants(a.until, b.until);
  });
  if (first === undefined) return null;
  const due = items.find(({ dueAt, lines }) => dueAt === first.until && lines.some((line) => first.lines.includes(line)));
  return {
    ...first,
    zone: due?.zone ?? null,
    untilLocal: due?.dueAtLocal ?? null,
    unit: due?.unit ?? null,
    daysLeft: due?.daysLeft ?? null,
    isOver: first.until !== null && compareInstants(first.until, asOf) < 0,
  };
}
