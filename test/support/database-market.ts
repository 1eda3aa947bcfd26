import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type ClaimCommand, type ClaimDetails, type ClaimState, type EvidenceReference, fold } from '#libs/claims/index.js';
import type { DirectoryDocument, DirectoryProvider } from '#libs/directory/index.js';
import { type RecordedEvent, readEvents } from '#libs/event-store/index.js';
import { beginning, type FeedEvent, readFeed } from '#libs/event-feed/index.js';
import { type Execution, lookUpForClaim, BlockedByOtherClaim } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { readUsageRows, usageSets } from '#libs/usage/index.js';
import { TestClaim } from './claims.js';
import { moveOf, type SeenClaim, type Step } from './market-moves.js';
import { subscription, TestCustomer, TestPartner } from './subscriptions.js';

/** What the directory learns: a subscription is renewed under another id, or expires, or a company's enrolment changes. */
export const worldChanges = ['renewal', 'expiry', 'enrolment'] as const;

/** One turn of a market: what arrives before anybody works it off. */
export interface Turn {
  steps: Step[];
  /** Worked off side by side, by two workers each, or one after the other. */
  isAtOnce: boolean;
  /** Whether time leaps to just before the next deadline. */
  isOnTheBrink: boolean;
  /** Whether nobody works the inboxes off for now. */
  isLeft: boolean;
  world: (typeof worldChanges)[number] | null;
}

export interface PlayedClaim extends SeenClaim {
  partnerAccountId: string;
  events: RecordedEvent[];
}

/** Somebody was let in to an association's usage at this instant, or just after it. */
export interface Served {
  associationId: string;
  at: string;
}

const closed = ['ended', 'rejected_final', 'canceled'];
const day = 86_400_000;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
/** One that may be claimed for more than one activity. */
const product = 'business_central';
const enrolments = ['modern_work_security_usage', 'osu_business_applications'];

/**
 * Many claims on few targets, by the path of the product: commands go into the inboxes and are worked off in transactions, with consequences;
 * the directory is that of the database, and so is the clock.
 */
export class DatabaseMarket {
  readonly claims: TestClaim[] = [];
  /** What a reader that polls at any moment, and may stop within a page, was told; in its order. */
  readonly told: FeedEvent[] = [];
  readonly served: Served[] = [];
  /** How often a worker had to begin again beyond what the inbox tries by itself. */
  lostRaces = 0;
  private readonly slots: TestClaim[] = [];
  private readonly customer: TestCustomer;
  private readonly partners: TestPartner[];
  private subscriptions: DirectoryDocument['tenants'][number]['subscriptions'] = [];
  private readonly unenrolled = new Set<TestPartner>();
  private readonly library: ProgrammeLibrary;
  private place = beginning;

  constructor(
    private readonly source: DataSource,
    private readonly directory: DirectoryProvider,
    private readonly programme: string,
  ) {
    this.library = new ProgrammeLibrary(source);
    this.customer = new TestCustomer(source);
    this.partners = [1, 2, 3].map(() => new TestPartner(source));
  }

  async open(): Promise<void> {
    const today = Date.parse(await this.now());
    const begun = { provisionedOn: dateOf(today - 30 * day) };
    this.subscriptions = [subscription({ ...begun, product, endsOn: dateOf(today + 90 * day) }), subscription({ ...begun, product })];
    await this.customer.has(...this.subscriptions);
    for (const partner of this.partners) await partner.isEnrolledIn(...enrolments);
  }

  async take(turn: Turn): Promise<void> {
    const [{ hours, choice }] = turn.steps as [Step];
    await this.letTimePass(turn.isOnTheBrink ? await this.untilNextDeadline() : hours * 3_600_000);
    if (turn.world !== null) await this.change(turn.world, choice);
    const seen = await this.look();
    const accepted = await Promise.all(turn.steps.map((step) => this.accept(step, seen)));
    const waiting = turn.isLeft ? [] : accepted.filter((claim) => claim !== null);
    if (turn.isAtOnce) {
      await Promise.all([...[...waiting, ...waiting].map((claim) => this.work(claim)), this.poll(choice)]);
    } else {
      for (const claim of waiting) await this.work(claim);
      if (choice % 3 === 0) await this.poll(choice);
    }
    if (choice % 6 === 0) await this.readUsage();
  }

  /** Works every inbox off and reads to the end. Returns what the executions said. */
  async settle(): Promise<Execution[]> {
    const executions: Execution[] = [];
    for (const claim of this.claims) executions.push(await this.work(claim));
    while (await this.poll(4));
    await this.readUsage();
    return executions;
  }

  /** Where the claims stand, as everybody sees them. */
  private look(): Promise<SeenClaim[]> {
    return this.source.query('SELECT claim_id AS "claimId", state FROM claims');
  }

  read(): Promise<PlayedClaim[]> {
    return Promise.all(
      this.claims.map(async ({ claimId, partnerAccountId }) => {
        const events = await readEvents(this.source.manager, claimId);
        return { claimId, partnerAccountId, events, state: fold(events) };
      }),
    );
  }

  async letTimePass(ms: number): Promise<void> {
    await this.source.query(
      `INSERT INTO sandbox_clock (ahead) VALUES (make_interval(secs => $1))
       ON CONFLICT (only_row) DO UPDATE SET ahead = sandbox_clock.ahead + excluded.ahead`,
      [ms / 1000],
    );
  }

  private async now(): Promise<string> {
    const [row] = await this.source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
    return row.now.toISOString();
  }

  /** What is accepted at once then arrives before and after it. */
  private async untilNextDeadline(): Promise<number> {
    const [row] = await this.source.query<[{ ms: number | null }]>(
      'SELECT extract(epoch FROM min(alarm_at) - cpor_now())::float8 * 1000 - 12 AS ms FROM claims WHERE alarm_at > cpor_now()',
    );
    return Math.max(0, row.ms ?? 0);
  }

  /** The workflows of other claims go on meanwhile: a holder whose own clock is overdue makes way only once the directory was asked for it. */
  private async lookUpForOverdue(): Promise<void> {
    const overdue = await this.source.query<{ claimId: string }[]>('SELECT claim_id AS "claimId" FROM claims WHERE alarm_at < cpor_now()');
    for (const { claimId } of overdue) await lookUpForClaim(this.directory, this.source, claimId);
  }

  /** Works an inbox off as the claim's workflow does: it asks the directory where the rules want its answer, and begins again after a lost race. */
  private async work(claim: TestClaim): Promise<Execution> {
    for (let attempt = 1; attempt <= 20; attempt++) {
      const execution = await claim.execute().catch(async (error: { driverError?: { constraint?: string; code?: string } }) => {
        const { constraint, code } = error.driverError ?? {};
        if (constraint !== 'associations_one_partner_per_target' && code !== '40P01' && !(error instanceof BlockedByOtherClaim))
          throw error;
        this.lostRaces++;
        await this.lookUpForOverdue();
      });
      if (execution?.needsDirectory === false) return execution;
      if (execution === undefined) continue;
      // Another claim's workflow is rung, and asks for itself.
      for (const { claimId } of [claim, ...execution.changed]) await lookUpForClaim(this.directory, this.source, claimId);
    }
    throw new Error(`Claim ${claim.claimId} is never worked off.`);
  }

  /** Reads a page, of which only a part may be dealt with before the reader stops. Returns whether more lies ready. */
  private async poll(choice: number): Promise<boolean> {
    const limit = 1 + (choice % 5);
    const { items, next, hasMore } = await readFeed(this.source.manager, { kind: 'everything' }, { after: this.place, limit });
    const done = items.slice(0, 1 + (choice % 3));
    this.told.push(...done.map(({ event }) => event));
    const isWhole = done.length === items.length;
    this.place = isWhole ? next : done.at(-1)!.place;
    return hasMore || !isWhole;
  }

  /** Every company asks for the usage of whatever it ever had. */
  private async readUsage(): Promise<void> {
    const associations = await this.source.query<{ associationId: string; accountId: string }[]>(
      'SELECT association_id AS "associationId", partner_account_id AS "accountId" FROM associations',
    );
    const at = await this.now();
    for (const { associationId, accountId } of associations) {
      const reader = { scope: { kind: 'partner' as const, accountId, locations: 'all' as const }, subject: 'viewer', isExecutive: false };
      const query = { set: usageSets.workload_usage, associationId, limit: 1 };
      if ((await readUsageRows(this.source.manager, reader, query)).isGranted) this.served.push({ associationId, at });
    }
  }

  private async accept(step: Step, seen: SeenClaim[]): Promise<TestClaim | null> {
    const claim = this.slots[step.claim];
    const state = seen.find(({ claimId }) => claimId === claim?.claimId)?.state;
    if (claim === undefined || state === undefined || isOver(state)) return this.draft(step);
    const { partnerId, otherPartnerId } = this.partnerOf(step);
    const now = await this.now();
    const locations = [partnerId, otherPartnerId];
    const mover = { claimId: claim.claimId, partner: claim.partner, locations, now, claims: seen, newId: randomUUID };
    const command = moveOf(state, step, mover);
    if (command !== null) await this.store(claim, command, step);
    return claim;
  }

  /** With what the directory says, or without it, as the API stores a command while the directory is silent. */
  private async store(claim: TestClaim, { type, actor, body }: ClaimCommand, { choice }: Step): Promise<void> {
    if (type === 'addEvidence') await this.upload(claim, body.evidence);
    await claim.accept(type, actor, body, choice % 3 === 0 ? { withFacts: false } : {});
  }

  private async upload({ claimId }: TestClaim, { evidenceId, sha256, signedOn }: EvidenceReference): Promise<void> {
    await this.source.query(
      `INSERT INTO evidence_files (id, claim_id, sha256, media_type, file_name, size_bytes, content, signed_on, uploaded_by, scan_result)
       VALUES ($1, $2, $3, 'application/pdf', 'statement-of-work.pdf', 0, '', $4, 'partner', 'clean')`,
      [evidenceId, claimId, sha256, signedOn],
    );
  }

  private partnerOf({ claim }: Step): TestPartner {
    return this.partners[claim % this.partners.length]!;
  }

  private async draft(step: Step): Promise<null> {
    const { source, library, directory, programme, customer } = this;
    const claim = new TestClaim({ source, library, directory }, { programme, partner: this.partnerOf(step), tenant: customer });
    Object.assign(claim.details, this.stated(step.choice));
    if ((await claim.draft())?.status !== 'done') return null;
    this.claims.push(claim);
    this.slots[step.claim] = claim;
    return null;
  }

  /** A workload, two of them, or a subscription. */
  private stated(choice: number): Pick<ClaimDetails, 'area' | 'lines'> {
    const products = [['teams'], ['exchange'], ['teams', 'exchange']][choice % 5];
    if (products !== undefined) {
      const lines = products.map((product, index) => ({ line: index + 1, product, subscriptionId: null, activities: ['usage'] }));
      return { area: 'modern_work_security', lines };
    }
    const { subscriptionId } = this.subscriptions[choice % this.subscriptions.length]!;
    const activities = choice % 2 === 0 ? ['presales'] : ['usage'];
    return { area: 'business_applications', lines: [{ line: 1, product, subscriptionId, activities }] };
  }

  private async change(world: (typeof worldChanges)[number], choice: number): Promise<void> {
    const partner = this.partners[choice % this.partners.length]!;
    if (world === 'enrolment') {
      const isBack = this.unenrolled.delete(partner);
      if (!isBack) this.unenrolled.add(partner);
      await partner.isEnrolledIn(...(isBack ? enrolments : []));
      return;
    }
    const [first, ...others] = this.subscriptions as [DirectoryDocument['tenants'][number]['subscriptions'][number]];
    const today = dateOf(Date.parse(await this.now()));
    const successor = subscription({ product, provisionedOn: today, endsOn: dateOf(Date.parse(today) + 90 * day) });
    // What was renewed last is the first that can be renewed again.
    this.subscriptions =
      world === 'renewal' && first.successorId === null
        ? [successor, ...others, { ...first, successorId: successor.subscriptionId }]
        : [{ ...first, state: first.state === 'active' ? 'expired' : 'active', endsOn: first.endsOn ?? today }, ...others];
    await this.customer.has(...this.subscriptions);
  }
}

const isOver = ({ lines }: ClaimState): boolean =>
  lines.length > 0 && lines.every(({ phase, rejection }) => closed.includes(phase) || (phase === 'rejected' && !rejection?.isDisputable));
