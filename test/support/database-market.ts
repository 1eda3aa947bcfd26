import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type ClaimCommand, type ClaimDetails, type ClaimState, type EvidenceReference, fold } from '#libs/claims/index.js';
import type { DirectoryDocument, DirectoryProvider } from '#libs/directory/index.js';
import { type RecordedEvent, readEvents } from '#libs/event-store/index.js';
import { type AssociationEvent, associationTypes, beginning, readFeed } from '#libs/event-feed/index.js';
import { type Execution, lookUpForClaim, BlockedByOtherClaim } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { readUsageRows, usageSets } from '#libs/usage/index.js';
import { TestClaim } from './claims.js';
import { moveOf, type SeenClaim, type Step } from './market-moves.js';
import { subscription, TestCustomer, TestPartner } from './subscriptions.js';

/** Changes in the directory: a subscription is renewed under another id or expires, or a company's enrolment changes. */
export const worldChanges = ['renewal', 'expiry', 'enrolment'] as const;

/** One turn of a market: what arrives before the inboxes are drained. */
export interface Turn {
  steps: Step[];
  /** Whether the inboxes are drained in parallel, each by two workers, or one after another. */
  isParallel: boolean;
  /** Whether time jumps to just before the next deadline. */
  jumpsToNextDeadline: boolean;
  /** Whether the inboxes are not drained in this turn. */
  skipsDraining: boolean;
  world: (typeof worldChanges)[number] | null;
}

export interface PlayedClaim extends SeenClaim {
  partnerAccountId: string;
  events: RecordedEvent[];
}

/** A successful read of an association's usage, at this instant or just after it. */
export interface Served {
  associationId: string;
  at: string;
}

const closed = ['ended', 'rejected_final', 'canceled'];
const day = 86_400_000;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
/** A product that may be claimed for more than one activity. */
const product = 'business_central';
const enrolments = ['modern_work_security_usage', 'osu_business_applications'];

/**
 * Use it for random tests against a real database: many claims on few targets, processed as in production. Commands go into the inboxes and
 * are executed in transactions, with their consequences; directory and clock are the database's.
 */
export class DatabaseMarket {
  readonly claims: TestClaim[] = [];
  /** Events in the order received by a feed reader that polls at any moment and may stop within a page. */
  readonly receivedEvents: AssociationEvent[] = [];
  readonly served: Served[] = [];
  /** How often draining had to be repeated after the inbox's own retries. */
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
    await this.customer.setSubscriptions(...this.subscriptions);
    for (const partner of this.partners) await partner.setEnrolments(...enrolments);
  }

  async play(turn: Turn): Promise<void> {
    const [{ hours, choice }] = turn.steps as [Step];
    await this.advanceClock(turn.jumpsToNextDeadline ? await this.msToNextDeadline() : hours * 3_600_000);
    if (turn.world !== null) await this.change(turn.world, choice);
    const seen = await this.readStates();
    const accepted = await Promise.all(turn.steps.map((step) => this.accept(step, seen)));
    const waiting = turn.skipsDraining ? [] : accepted.filter((claim) => claim !== null);
    if (turn.isParallel) {
      await Promise.all([...[...waiting, ...waiting].map((claim) => this.drain(claim)), this.poll(choice)]);
    } else {
      for (const claim of waiting) await this.drain(claim);
      if (choice % 3 === 0) await this.poll(choice);
    }
    if (choice % 6 === 0) await this.readUsage();
  }

  /** Drains every inbox and reads the feed to the end. Returns the outcomes of the executions. */
  async settle(): Promise<Execution[]> {
    const executions: Execution[] = [];
    for (const claim of this.claims) executions.push(await this.drain(claim));
    while (await this.poll(4));
    await this.readUsage();
    return executions;
  }

  /** Reads the committed states of all claims. */
  private readStates(): Promise<SeenClaim[]> {
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

  async advanceClock(ms: number): Promise<void> {
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

  /** Returns the time until just before the next deadline, so that commands accepted together arrive before and after it. */
  private async msToNextDeadline(): Promise<number> {
    const [row] = await this.source.query<[{ ms: number | null }]>(
      'SELECT extract(epoch FROM min(alarm_at) - cpor_now())::float8 * 1000 - 12 AS ms FROM claims WHERE alarm_at > cpor_now()',
    );
    return Math.max(0, row.ms ?? 0);
  }

  /** Stands in for the workflows of other claims: a holder with an overdue clock or a waiting command gives way only after its own directory look-up. */
  private async lookUpForOthers(): Promise<void> {
    const behind = await this.source.query<{ claimId: string }[]>(
      `SELECT claim_id AS "claimId" FROM claims c
       WHERE alarm_at < cpor_now() OR EXISTS (SELECT FROM claim_commands i WHERE i.claim_id = c.claim_id AND i.outcome IS NULL)`,
    );
    for (const { claimId } of behind) await this.lookUp(claimId);
  }

  /** Asks the directory as the activity does, which Temporal runs again when it was the victim of a deadlock. */
  private async lookUp(claimId: string): Promise<void> {
    for (let isDone = false; !isDone; )
      isDone = await lookUpForClaim(this.directory, this.source, claimId).then(
        () => true,
        (error: { driverError?: { code?: string } }) => {
          if (error.driverError?.code !== '40P01') throw error;
          this.lostRaces++;
          return false;
        },
      );
  }

  /** Drains an inbox as the claim's workflow does: asks the directory when the rules need it, and retries after a lost race. */
  private async drain(claim: TestClaim): Promise<Execution> {
    for (let attempt = 1; attempt <= 20; attempt++) {
      const execution = await claim.execute().catch(async (error: { driverError?: { constraint?: string; code?: string } }) => {
        const { constraint, code } = error.driverError ?? {};
        if (constraint !== 'associations_one_partner_per_target' && code !== '40P01' && !(error instanceof BlockedByOtherClaim))
          throw error;
        this.lostRaces++;
        await this.lookUpForOthers();
      });
      if (execution?.needsDirectory === false) return execution;
      if (execution === undefined) continue;
      // The workflows of changed claims are woken, and each makes its own look-up.
      for (const { claimId } of [claim, ...execution.changed]) await this.lookUp(claimId);
    }
    throw new Error(`The inbox of claim ${claim.claimId} cannot be drained.`);
  }

  /** Reads a page of the feed, of which the reader may process only a part. Returns whether there is more. */
  private async poll(choice: number): Promise<boolean> {
    const limit = 1 + (choice % 5);
    const reading = { after: this.place, types: associationTypes, limit };
    const { items, next, hasMore } = await readFeed(this.source.manager, { kind: 'everything' }, reading);
    const done = items.slice(0, 1 + (choice % 3));
    this.receivedEvents.push(...done.map(({ event }) => event));
    const isWhole = done.length === items.length;
    this.place = isWhole ? next : done.at(-1)!.place;
    return hasMore || !isWhole;
  }

  /** Has every company request the usage of every association it ever had. */
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

  /** Stores a command with the directory's answer, or without it, as the API does while the directory is down. */
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

  /** Returns the lines of a claim for one workload, for two, or for a subscription. */
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
      await partner.setEnrolments(...(isBack ? enrolments : []));
      return;
    }
    const [first, ...others] = this.subscriptions as [DirectoryDocument['tenants'][number]['subscriptions'][number]];
    const today = dateOf(Date.parse(await this.now()));
    const successor = subscription({ product, provisionedOn: today, endsOn: dateOf(Date.parse(today) + 90 * day) });
    // The last renewal is the first that can be renewed again.
    this.subscriptions =
      world === 'renewal' && first.successorId === null
        ? [successor, ...others, { ...first, successorId: successor.subscriptionId }]
        : [{ ...first, state: first.state === 'active' ? 'expired' : 'active', endsOn: first.endsOn ?? today }, ...others];
    await this.customer.setSubscriptions(...this.subscriptions);
  }
}

const isOver = ({ lines }: ClaimState): boolean =>
  lines.length > 0 && lines.every(({ phase, rejection }) => closed.includes(phase) || (phase === 'rejected' && !rejection?.isDisputable));
