import {
  type ClaimEvent,
  type ClaimState,
  type Consequence,
  commandTable,
  consequencesOf,
  decide,
  type DecisionContext,
  evolve,
  expire,
  expiredClock,
  isBefore,
  needsDirectory,
  type RunningClock,
} from '#libs/claims/index.js';
import type { SettledCommand } from '#libs/event-store/index.js';
import type { Change } from '#libs/read-models/index.js';
import type { CommandOutcome } from './accept-command.js';
import type { ContextReader } from './context-reader.js';
import type { LoadedClaim, PendingCommand } from './load-claim.js';

/** Something another claim has to do; the key is the same in every repeat of the transaction. */
export type KeyedConsequence = Consequence & { key: string };

export type DecidedCommand = Omit<SettledCommand, 'settledAt'>;

/** How a pass ended: the inbox is drained, the directory has to answer first, or the next command is of a later version. */
export type PassEnd = 'drained' | 'needs_directory' | 'held';
type Progress = 'continue' | PassEnd;

/**
 * One pass over a claim's inbox: decides every command, and fires every deadline that lies before it, in the order of their instants.
 * It writes nothing, and collects what has to be written.
 */
export class InboxPass {
  state: ClaimState;
  readonly changes: Change[] = [];
  readonly decided: DecidedCommand[] = [];
  readonly consequences: KeyedConsequence[] = [];
  isDrained = false;
  /** Commands that are not decided yet, in the order in which they were received. */
  private readonly inbox: PendingCommand[];
  /** Related claims whose inboxes were drained before this one continued. */
  private readonly drainedFirst = new Set<string>();

  constructor(
    readonly claim: LoadedClaim,
    private readonly context: ContextReader,
    /** Drains the inbox of another claim. Returns what an opt-out there still waits for, and `drained` when none does. */
    private readonly drainOther: (claimId: string) => Promise<PassEnd>,
  ) {
    this.state = claim.state;
    this.inbox = [...claim.inbox];
  }

  async drain(): Promise<PassEnd> {
    let progress: Progress;
    do progress = await this.step();
    while (progress === 'continue');
    this.isDrained = true;
    return progress;
  }

  /** Adds a command that another claim caused: among those still pending, or decided at once when the inbox was drained. */
  async add(pending: PendingCommand): Promise<void> {
    // The claim that caused it has changed.
    this.context.forgetRelatedClaims();
    if (this.isDrained) {
      await this.decide(pending);
      return;
    }
    const later = this.inbox.findIndex(({ receivedAt }) => isBefore(pending.receivedAt, receivedAt));
    this.inbox.splice(later === -1 ? this.inbox.length : later, 0, pending);
  }

  isUndecided(commandId: string): boolean {
    return this.inbox.some((pending) => pending.commandId === commandId);
  }

  /**
   * The type of the next command if this version does not know it: it came from a later one, during an upgrade or before a roll-back. It waits, and
   * with it what was received after it and every later deadline, because the order of receipt decides.
   */
  get unknownCommand(): string | null {
    const type = this.inbox[0]?.command.type;
    return type === undefined || Object.hasOwn(commandTable, type) ? null : type;
  }

  get hasUndecidedOptOut(): boolean {
    return this.inbox.some(({ command }) => command.type === 'optOut');
  }

  /** Fires one deadline or decides one command, whichever comes first. */
  private async step(): Promise<Progress> {
    const [next] = this.inbox;
    const clock = expiredClock(this.state, next?.receivedAt ?? this.claim.now);
    if (clock !== null) return this.fire(clock);
    if (next === undefined) return 'drained';
    if (this.unknownCommand !== null) return 'held';
    return this.isMissingFacts(next) ? 'needs_directory' : this.decide(next);
  }

  private isMissingFacts({ command, facts }: PendingCommand): boolean {
    const { needsDirectory: isNeeded, isForDraft } = commandTable[command.type];
    // A draft is saved even while the directory is silent; its submission asks again.
    const isDraft = isForDraft === true && this.state.submission === 0;
    return isNeeded === true && !isDraft && facts === null;
  }

  private async fire(clock: RunningClock): Promise<Progress> {
    const { dueAt } = clock.deadline;
    const facts = this.claim.latestFacts;
    // An answer from before the deadline says nothing about the instant at which the association would begin.
    if (needsDirectory(this.state, clock) && (facts === null || isBefore(facts.askedAt, dueAt))) return 'needs_directory';
    const context = await this.context.forClock(this.state, dueAt, facts);
    const events = expire(this.state, clock, context);
    const interruption = await this.drainRelatedClaimsFirst(events, context);
    if (interruption !== null) return interruption;
    this.append(events, null);
    return 'continue';
  }

  private async decide(pending: PendingCommand): Promise<Progress> {
    const { commandId, command, expectedVersion, actedFor } = pending;
    const { version } = this.state;
    const refuse = (code: string, message: string, field: string | null = null) =>
      this.conclude(pending, { status: 'refused', version, findings: [{ code, severity: 'error', field, line: null, message }] });
    if (expectedVersion !== null && expectedVersion !== version) {
      return refuse('version_conflict', `The claim is at version ${version} by now, you have seen ${expectedVersion}. Read it again.`);
    }
    const context = await this.context.forCommand(this.state, pending);
    if (context === null) {
      return refuse('programme_unknown', `Use one of: ${(await this.context.programmes()).join(', ')}.`, 'programme');
    }
    const actor = { ...command.actor, actsFor: [...command.actor.actsFor, ...actedFor] };
    const decision = decide(this.state, { ...command, actor }, context);
    if ('refused' in decision) return this.conclude(pending, { status: 'refused', version, findings: decision.refused });
    const interruption = await this.drainRelatedClaimsFirst(decision.events, context);
    if (interruption !== null) return interruption;
    this.append(decision.events, commandId);
    return this.conclude(pending, { status: 'done', version: this.state.version });
  }

  /**
   * Before an association begins, the customer may have refused the company on the same target through another of its claims, in a command
   * that is still in that claim's inbox. That inbox is drained first, and what follows from it joins this claim's pending commands.
   * Returns how the pass proceeds instead of recording the events; null when nothing interrupts it.
   */
  private async drainRelatedClaimsFirst(events: ClaimEvent[], { own, holders }: DecisionContext): Promise<Progress | null> {
    if (!events.some(({ type }) => type === 'LinesMadeOfficial' || type === 'AssociationTransferred')) return null;
    const held = holders.filter(({ partnerAccountId }) => partnerAccountId === this.state.partnerAccountId);
    const claimIds = [...own, ...held].map(({ claimId }) => claimId).filter((claimId) => !this.drainedFirst.has(claimId));
    if (claimIds.length === 0) return null;
    this.context.forgetRelatedClaims();
    for (const claimId of new Set(claimIds)) {
      this.drainedFirst.add(claimId);
      const end = await this.drainOther(claimId);
      if (end !== 'drained') return end;
    }
    return 'continue';
  }

  private conclude(pending: PendingCommand, outcome: CommandOutcome): Progress {
    const { commandId, command, expectedVersion, receivedAt } = pending;
    const index = this.inbox.indexOf(pending);
    if (index !== -1) this.inbox.splice(index, 1);
    this.decided.push({ commandId, ...command, expectedVersion, receivedAt, outcome });
    return 'continue';
  }

  private append(events: ClaimEvent[], commandId: string | null): void {
    const { claimId, now } = this.claim;
    for (const event of events) {
      this.state = evolve(this.state, event);
      const { version } = this.state;
      this.changes.push({ event: { ...event, version, recordedAt: now, commandId }, after: this.state });
      for (const [index, consequence] of consequencesOf(claimId, event).entries()) {
        this.consequences.push({ ...consequence, key: `${claimId}/${version}/${index}` });
      }
    }
  }
}
