import { isDeepStrictEqual } from 'node:util';
import type { DataSource } from 'typeorm';
import type { Oracle, OracleAnswer, OracleCase } from './oracle.js';
import type { PlannedProgramme } from './year-plan.js';

interface Deadline extends OracleAnswer {
  dueAt: string;
  calendar: string;
  unit: 'business_day' | 'calendar_day';
  days: number;
  zoneData: string;
}

interface ClockStart {
  clock: string;
  startedAt: string;
  deadline: Deadline;
}

interface StoredEvent {
  type: string;
  at: string;
  recordedAt: string;
  data: {
    clocks?: ClockStart[];
    coolDown?: Deadline;
    clock?: string;
    dueAt?: string;
    reason?: string;
    isTenantAdmin?: boolean;
    paused?: { clock: string; remainingDays: number }[];
  };
}

/** A claim of one line, as the database stores it. */
interface Life {
  claimId: string;
  programme: string;
  phase: string;
  events: StoredEvent[];
  refusals: string[];
}

/** A recorded deadline, the instant it was counted from, and its length by the programme. */
interface Recorded {
  claimId: string;
  clock: string;
  startedAt: string;
  deadline: Deadline;
  rightDays: number;
}

const pageSize = 200;
const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const at = (instant: string) => Date.parse(instant);

/** Checks the claims of a year by their events alone: every deadline against the oracle, and what the deadlines brought about. */
export class YearLaws {
  readonly faults: string[] = [];
  /** What was checked, by name. */
  readonly counts = new Map<string, number>();
  private readonly programmes: Map<string, PlannedProgramme>;

  constructor(
    private readonly oracle: Oracle,
    programmes: PlannedProgramme[],
  ) {
    this.programmes = new Map(programmes.map((programme) => [programme.name, programme]));
  }

  async check(source: DataSource, claimIds: string[]): Promise<void> {
    for (let from = 0; from < claimIds.length; from += pageSize) {
      const lives = await livesOf(source, claimIds.slice(from, from + pageSize));
      await this.checkDeadlines(lives.flatMap((life) => this.deadlinesOf(life)));
      for (const life of lives) {
        this.count('claims');
        this.count(`claims ${life.phase}`);
        this.count('events', life.events.length);
        this.checkNothingEarly(life);
        this.checkWindow(life);
      }
    }
  }

  private deadlinesOf({ claimId, programme, events }: Life): Recorded[] {
    const planned = this.programmes.get(programme)!;
    return events.flatMap((event, index) => {
      const clocks = (event.data.clocks ?? []).map(({ clock, startedAt, deadline }) => {
        // A paused clock resumes with the days that were left.
        const pause = events
          .slice(0, index)
          .findLast(({ data }) => data.paused?.some((paused) => paused.clock === clock))
          ?.data.paused?.find((paused) => paused.clock === clock);
        return { claimId, clock, startedAt, deadline, rightDays: pause?.remainingDays ?? lengthOf(planned, clock) };
      });
      const { coolDown } = event.data;
      if (coolDown === undefined) return clocks;
      return [...clocks, { claimId, clock: 'K10', startedAt: event.at, deadline: coolDown, rightDays: planned.coolDownCalendarDays }];
    });
  }

  private async checkDeadlines(recorded: Recorded[]): Promise<void> {
    for (const [reference, some] of Object.entries(Object.groupBy(recorded, ({ deadline }) => deadline.calendar))) {
      const calendar = this.programmes.get(reference.replace(/@1$/, ''))?.calendar;
      if (calendar === undefined) {
        this.faults.push(`A deadline names the calendar ${reference}, which was not published.`);
        continue;
      }
      const cases = some!.map(({ startedAt, deadline: { unit, days } }): OracleCase => ({ unit, startsAt: startedAt, days }));
      await this.oracle.ask({ calendar, cases });
      const answers = await this.oracle.answers();
      for (const [index, each] of some!.entries()) this.checkDeadline(each, answers[index]!);
    }
  }

  private checkDeadline({ claimId, clock, startedAt, deadline, rightDays }: Recorded, oracle: OracleAnswer): void {
    this.count('deadlines');
    this.count(`deadlines of ${clock}`);
    const { day0, countedDays, dueAt, dueAtLocal, days, zoneData } = deadline;
    const product = { day0, countedDays, dueAt, dueAtLocal };
    if (!isDeepStrictEqual(product, oracle))
      this.fault(claimId, `${clock} from ${startedAt} is ${JSON.stringify(product)}, and by the oracle ${JSON.stringify(oracle)}`);
    if (days !== rightDays) this.fault(claimId, `${clock} counts ${days} days, and the programme has ${rightDays}`);
    if (zoneData !== process.versions.tz) this.fault(claimId, `${clock} names the time zone data ${zoneData}`);
  }

  /** What a deadline brings about is dated at the deadline, and recorded after it. */
  private checkNothingEarly(life: Life): void {
    for (const [index, event] of life.events.entries()) {
      const clock = clockBehind(event);
      if (clock === null) continue;
      const dueAt = event.data.dueAt ?? startOf(life.events.slice(0, index), clock)?.deadline.dueAt;
      this.count('acts of a deadline');
      this.count(`${event.type} by ${clock}`);
      if (dueAt === undefined) this.fault(life.claimId, `${event.type} has no deadline of ${clock}`);
      else if (event.at !== dueAt) this.fault(life.claimId, `${event.type} is dated ${event.at}, and ${clock} ended ${dueAt}`);
      else if (at(event.recordedAt) <= at(dueAt)) this.fault(life.claimId, `${event.type} was recorded early: ${event.recordedAt}`);
    }
  }

  /** The customer's window: silence makes an approved line official at its end, and a refusal until then prevents it. */
  private checkWindow(life: Life): void {
    const { claimId, events, refusals } = life;
    const closesAt = startOf(events, 'K5')?.deadline.dueAt;
    if (closesAt === undefined) return;
    const official = events.filter(({ type }) => type === 'LinesMadeOfficial');
    const begins = new Date(at(closesAt) + 1).toISOString();
    const first = refusals[0];
    if (first !== undefined && at(first) <= at(closesAt)) {
      this.count('windows with a refusal in time');
      const declined = events.some(({ type, at: on }) => type === 'CustomerDeclined' && on === first);
      if (official.length > 0 || !declined) this.fault(claimId, `was refused in time at ${first}, until ${closesAt}, and is ${life.phase}`);
      return;
    }
    const accepted = events.find(({ type, data }) => type === 'CustomerAccepted' && data.isTenantAdmin === true);
    if (accepted !== undefined && at(accepted.at) <= at(closesAt)) {
      this.count('windows with an acceptance');
      if (official.some(({ at: on }) => at(on) < at(accepted.at))) this.fault(claimId, `became official before its acceptance`);
      return;
    }
    if (official.some(({ at: on, recordedAt }) => at(on) <= at(closesAt) || at(recordedAt) <= at(closesAt)))
      this.fault(claimId, `became official before ${closesAt}`);
    if (!isApproved(events.filter(({ at: on }) => at(on) <= at(closesAt)))) {
      this.count('windows that closed before an approval, or without one');
      return;
    }
    this.count('silent windows, official at their end');
    if (official.length !== 1 || official[0]!.at !== begins)
      this.fault(
        claimId,
        `was silent until ${closesAt} and became official at ${official.map(({ at: on }) => on).join(', ') || 'no time'}`,
      );
    if (first === undefined) return;
    this.count('of these, with a refusal after it');
    if (!events.some(({ type, at: on }) => type === 'AssociationEnded' && on === first))
      this.fault(claimId, `did not end with its refusal of ${first}`);
  }

  private count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  private fault(claimId: string, what: string): void {
    this.faults.push(`Claim ${claimId} ${what}.`);
  }
}

function lengthOf(programme: PlannedProgramme, clock: string): number {
  switch (clock) {
    case 'K1':
      return programme.reviewStartBusinessDays;
    case 'K2':
      return programme.reviewDecisionBusinessDays;
    case 'K3':
      return programme.reviewStartBusinessDays + programme.reviewDecisionBusinessDays;
    case 'K4':
      return programme.answerBusinessDays;
    case 'K5':
      return programme.consentWindow.days;
    case 'K7':
      return programme.disputeCalendarDays;
    case 'K8':
      return programme.disputeAnswerBusinessDays;
    default:
      throw new Error(`No claim of the year has a clock ${clock}.`);
  }
}

/** Returns the clock whose end an event records, if any. */
function clockBehind({ type, data }: StoredEvent): string | null {
  if (type === 'DeadlineBreached') return data.clock!;
  if (type === 'ConsentWindowPassed') return 'K5';
  if (type === 'DisputeWindowClosed') return 'K7';
  return type === 'LinesRejected' && data.reason === 'no_partner_response' ? 'K4' : null;
}

/** The latest start of a clock. */
const startOf = (events: StoredEvent[], clock: string): ClockStart | undefined =>
  events.flatMap(({ data }) => data.clocks ?? []).findLast((start) => start.clock === clock);

/** Whether the last decision approved the line. */
const isApproved = (events: StoredEvent[]): boolean =>
  events.findLast(({ type }) => ['LinesApproved', 'LinesRejected', 'ClaimWithdrawn'].includes(type))?.type === 'LinesApproved';

async function livesOf(source: DataSource, claimIds: string[]): Promise<Life[]> {
  return source.query<Life[]>(
    `SELECT claim_id AS "claimId", state -> 'details' ->> 'programme' AS programme, phase,
       (SELECT jsonb_agg(jsonb_build_object('type', type, 'at', ${iso('at')}, 'recordedAt', ${iso('recorded_at')}, 'data', data) ORDER BY version)
        FROM claim_events e WHERE e.claim_id = c.claim_id) AS events,
       (SELECT coalesce(jsonb_agg(${iso('received_at')} ORDER BY received_at), '[]') FROM claim_commands i
        WHERE i.claim_id = c.claim_id AND type = 'optOut' AND outcome ->> 'status' = 'done') AS refusals
     FROM claims c WHERE claim_id = ANY($1)`,
    [claimIds],
  );
}
