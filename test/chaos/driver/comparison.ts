import type { HistoryEntry } from '#libs/read-models/index.js';
import { type ClaimModel, type ExpectedEvent, type ExpectedMail, type Span, type Tenure } from '../model/model.js';
import type { ReceivedMail, Relay } from './relay.js';
import type { Fault, Story } from './story.js';
import { workloads } from './directory.js';

/** Events about the delivery of mails come at any time, and are compared with what the mail server did. */
const deliveries = ['NoticeAccepted', 'NoticeFailed'];
/** Instants of the product and of the driver are of one machine, and rounded to milliseconds. */
const toleranceMs = 5;

/** Compares everything that the product says about a customer's claims with the model. */
export class Comparison {
  readonly faults: Fault[] = [];

  constructor(
    private readonly story: Story,
    private readonly relay: Relay,
    private readonly feed: FeedEvent[],
  ) {}

  async run(): Promise<Fault[]> {
    for (const claim of this.story.model.claims) await this.compareClaim(claim);
    await this.compareTenures();
    await this.compareAccesses();
    for (const { key, expected, optional, received } of mailsOf(this.story, this.relay)) {
      if (received < expected) this.fault('lost', key, `${expected - received} of ${expected} mails did not come`);
      if (received > expected + optional) this.fault('twice', key, `${received} different mails instead of ${expected + optional}`);
    }
    return this.faults;
  }

  private fault(kind: Fault['kind'], claim: string, what: string): void {
    this.faults.push({ kind, claim, what });
  }

  private async compareClaim(claim: ClaimModel): Promise<void> {
    const view = await this.story.read(claim.claimId);
    const shown = view.lines.map(({ line, phase }) => `${line} ${phase}`).join();
    const expected = claim.lines.map(({ line, phase }) => `${line} ${phase}`).join();
    if (shown !== expected) this.fault('wrong', claim.claimId, `its lines are ${shown} instead of ${expected}`);
    if (view.name !== claim.name) this.fault('wrong', claim.claimId, `its name is ${view.name} instead of ${claim.name}`);
    const history = await this.story.historyOf(claim);
    this.faults.push(...faultsOfEvents(claim, history));
    this.compareDeliveries(claim, history, view.notices);
    this.compareFeed(claim);
  }

  /** Each recipient's state is what the mail server said, and the window begins with the first acceptance. */
  private compareDeliveries(claim: ClaimModel, history: HistoryEntry[], notices: ShownNotice[]): void {
    for (const { noticeId, recipients, closesAt } of notices) {
      for (const { recipientId, state, at } of recipients) {
        const isOfIt = ({ messageId }: ReceivedMail) => messageId.includes(recipientId);
        const received = this.relay.received.filter((mail) => isOfIt(mail) && mail.isAnswered);
        const refused = this.relay.refused.filter(isOfIt);
        const entries = history.filter(({ type, data }) => deliveries.includes(type) && data['recipientId'] === recipientId);
        if (entries.length > 1) this.fault('twice', claim.claimId, `the delivery to ${recipientId} was recorded ${entries.length} times`);
        if (state === 'accepted') {
          const isTrue = received.some((mail) => mail.at <= Date.parse(at!) + toleranceMs);
          const isPast = entries[0] !== undefined && Date.parse(at!) <= Date.parse(entries[0].recordedAt) + toleranceMs;
          if (!isTrue || !isPast) {
            const times = received.map((mail) => new Date(mail.at).toISOString());
            this.fault('wrong', claim.claimId, `a notice counts as accepted at ${at}; the mail server took it at ${times.join()}`);
          }
        }
        if (state === 'failed' && refused.length === 0) this.fault('wrong', claim.claimId, `a notice counts as failed that nobody refused`);
      }
      const accepted = recipients.filter(({ state }) => state === 'accepted').map(({ at }) => Date.parse(at!));
      const started = history.find(({ type, data }) => type === 'NoticeAccepted' && data['noticeId'] === noticeId && hasClock(data));
      // A notice whose lines were settled on its way starts no window.
      if (started === undefined || closesAt === null) continue;
      const due = Math.min(...accepted) + this.story.window;
      const isFirst = Date.parse(started.at) + this.story.window === Date.parse(closesAt);
      if (!isFirst || Date.parse(closesAt) < due)
        this.fault('wrong', claim.claimId, `a window closes at ${closesAt}, expected ${new Date(due).toISOString()}`);
    }
  }

  private compareFeed(claim: ClaimModel): void {
    const told = this.feed
      .filter(({ claimId }) => claimId === claim.claimId)
      .map(({ type, line, endReason }) => `${type} ${line} ${endReason}`);
    const expected = claim.tenures.flatMap(({ line, to, reason }) => [
      `association.official ${line} null`,
      ...(to === null ? [] : [`association.ended ${line} ${reason}`]),
    ]);
    this.compareSets(claim.claimId, 'the event feed', expected, told);
  }

  private compareSets(claim: string, where: string, expected: string[], actual: string[]): void {
    const left = [...actual];
    for (const one of expected) {
      const place = left.indexOf(one);
      if (place < 0) this.fault('lost', claim, `${where} lacks ${one}`);
      else left.splice(place, 1);
    }
    for (const one of left) this.fault(expected.includes(one) ? 'twice' : 'wrong', claim, `${where} also has ${one}`);
  }

  /** Who held each target, from when to when, and why no longer. */
  private async compareTenures(): Promise<void> {
    const { tenantId } = this.story.customer;
    for (const workload of workloads) {
      const held = this.story.model.claims.flatMap((claim) =>
        claim.tenures.filter(({ target }) => target === workload).map((tenure) => ({ claim, tenure })),
      );
      const path = `/v1/targets/workload:${tenantId}:${workload}/history`;
      const { status, body } = await this.story.vendor.get<{ items: Interval[] }>(path);
      const intervals = status === 200 ? body.items : [];
      if (intervals.length !== held.length) {
        this.fault(intervals.length < held.length ? 'lost' : 'twice', path, `${intervals.length} associations instead of ${held.length}`);
        continue;
      }
      const inOrder = held.toSorted((a, b) => a.tenure.from.from - b.tenure.from.from);
      for (const [index, { claim, tenure }] of inOrder.entries()) this.compareTenure(claim, tenure, intervals[index]!);
      const overlaps = intervals.some(
        (one, index) => index > 0 && (intervals[index - 1]!.to === null || intervals[index - 1]!.to! > one.from),
      );
      if (overlaps) this.fault('wrong', path, 'two associations overlap');
    }
  }

  private compareTenure(claim: ClaimModel, tenure: Tenure, shown: Interval): void {
    const isRight =
      shown.claimId === claim.claimId &&
      shown.line === tenure.line &&
      shown.partnerId === tenure.partnerId &&
      lies(shown.from, tenure.from) &&
      (tenure.to === null ? shown.to === null : shown.to !== null && lies(shown.to, tenure.to)) &&
      shown.endReason === tenure.reason;
    if (!isRight)
      this.fault(
        'wrong',
        claim.claimId,
        `an association is ${JSON.stringify({ ...shown, because: undefined })} instead of ${JSON.stringify(tenure)}`,
      );
  }

  private async compareAccesses(): Promise<void> {
    const { tenantId } = this.story.customer;
    const logged = await this.story.customerAdmin.all<Access>(`/v1/tenants/${tenantId}/accesses`);
    const groups = Map.groupBy(this.story.reads, ({ kind, partnerId, target }) => `${kind} ${partnerId} ${target}`);
    const found = Map.groupBy(logged, ({ kind, partner, target }) => `${kind} ${partner.partnerId} ${target}`);
    for (const [key, reads] of groups) {
      const count = found.get(key)?.length ?? 0;
      if (count < reads.length) this.fault('lost', tenantId, `the log has ${count} of ${reads.length} reads: ${key}`);
      const most = reads.reduce((sum, { attempts }) => sum + attempts, 0);
      if (count > most) this.fault('twice', tenantId, `the log has ${count} reads of at most ${most}: ${key}`);
    }
    for (const key of found.keys()) if (!groups.has(key)) this.fault('wrong', tenantId, `the log has a read that nobody made: ${key}`);
  }
}

/** Compares a claim's history with the events that the model expects: what is missing, too often, out of order, of another instant or early. */
export function faultsOfEvents({ claimId: claim, events }: Pick<ClaimModel, 'claimId' | 'events'>, history: HistoryEntry[]): Fault[] {
  const entries = history.filter(({ type }) => !deliveries.includes(type));
  const actual = entries.map(eventOf);
  const expected = events.map(keyOf);
  const missing = new Map<string, number>();
  for (const key of expected) missing.set(key, (missing.get(key) ?? 0) + 1);
  for (const key of actual) missing.set(key, (missing.get(key) ?? 0) - 1);
  const faults = [...missing].flatMap(([key, count]): Fault[] => {
    if (count > 0) return [{ kind: 'lost', claim, what: `${key} is missing` }];
    if (count === 0) return [];
    return [{ kind: expected.includes(key) ? 'twice' : 'wrong', claim, what: `${key} is there ${-count} times too often` }];
  });
  if (faults.length > 0) return faults;
  const misplaced = expected.findIndex((key, index) => actual[index] !== key);
  if (misplaced >= 0) return [{ kind: 'wrong', claim, what: `${actual[misplaced]} comes before ${expected[misplaced]}` }];
  return events.flatMap(({ at: span, type }, index): Fault[] => {
    const { at, recordedAt } = entries[index]!;
    // The only event whose instant the model knows exactly, because nobody asked for it.
    const isByWindow = type === 'LinesMadeOfficial' && span.from === span.to;
    if (isByWindow && Date.parse(recordedAt) < span.from) {
      return [{ kind: 'early', claim, what: `${expected[index]} was recorded at ${recordedAt}, before ${toldSpan(span)}` }];
    }
    return lies(at, span) ? [] : [{ kind: 'wrong', claim, what: `${expected[index]} is of ${at}, expected ${toldSpan(span)}` }];
  });
}

/** Every kind of mail to every recipient of a story: how many must have come, how many more may have, and how many did. */
export function mailsOf(story: Story, relay: Relay): { key: string; expected: number; optional: number; received: number }[] {
  const counts = new Map<string, { expected: number; optional: number; ids: Set<string> }>();
  const place = (key: string) => {
    const known = counts.get(key) ?? { expected: 0, optional: 0, ids: new Set<string>() };
    counts.set(key, known);
    return known;
  };
  const addresses = new Set<string>([story.customer.admin.email]);
  for (const claim of story.model.claims) {
    addresses.add(claim.contact).add(claim.partnerEmail);
    const mails: ExpectedMail[] = [
      ...claim.mails,
      ...claim.notices.flatMap(({ recipients, isSettled }) =>
        recipients.map(({ email, state }) => ({ to: email, kind: 'notice', isOptional: !isSettled || state !== 'accepted' })),
      ),
    ];
    for (const { to, kind, isOptional } of mails) {
      place(`${to} ${kind === 'choice' ? '' : claim.number} ${kind}`)[isOptional ? 'optional' : 'expected']++;
    }
  }
  for (const mail of [...relay.received, ...relay.refused]) {
    if (addresses.has(mail.to)) place(`${mail.to} ${mail.number ?? ''} ${mail.kind}`).ids.add(mail.messageId);
  }
  return [...counts].map(([key, { expected, optional, ids }]) => ({ key, expected, optional, received: ids.size }));
}

interface FeedEvent {
  type: string;
  claimId: string;
  line: number;
  endReason: string | null;
}

interface Interval {
  claimId: string;
  line: number;
  partnerId: string;
  from: string;
  to: string | null;
  endReason: string | null;
}

interface Access {
  kind: string;
  partner: { partnerId: string };
  target: string;
}

interface ShownNotice {
  noticeId: string;
  closesAt: string | null;
  recipients: { recipientId: string; state: string; at: string | null }[];
}

const hasClock = (data: Record<string, unknown>): boolean => ((data['clocks'] as unknown[] | undefined) ?? []).length > 0;
const keyOf = ({ type, lines, detail }: Omit<ExpectedEvent, 'at'>): string => `${type} ${lines.join()} ${detail ?? ''}`.trim();
const lies = (instant: string, { from, to }: Span): boolean =>
  Date.parse(instant) >= from - toleranceMs && Date.parse(instant) <= to + toleranceMs;
const toldSpan = ({ from, to }: Span): string => `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;

/** Events whose lines the model states. */
const withLines = new Set([
  'ClaimSubmitted',
  'ReviewStarted',
  'InformationRequested',
  'LinesApproved',
  'LinesRejected',
  'NoticeRequested',
  'CustomerDeclined',
  'CustomerAccepted',
  'LinesMadeOfficial',
  'AssociationEnded',
  'AssociationTransferred',
  'HolderWarned',
  'ClaimWithdrawn',
  'DisputeOpened',
  'DisputeDecided',
]);

function eventOf({ type, data }: HistoryEntry): string {
  const stated = (data['lines'] ?? []) as (number | { line: number })[];
  const one = ['RivalsDecided', 'ChoiceRequested'].includes(type) ? [data['line'] as number] : [];
  const lines = withLines.has(type) ? stated.map((line) => (typeof line === 'number' ? line : line.line)) : one;
  const detail = {
    LinesRejected: data['reason'],
    AssociationEnded: data['reason'],
    DisputeDecided: data['outcome'],
    RivalsDecided: data['isWinner'],
  }[type];
  return keyOf({ type, lines: lines.sort((a, b) => a - b), detail: detail === undefined ? null : String(detail) });
}
