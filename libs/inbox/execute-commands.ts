import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import {
  type ClaimCommand,
  type ClaimEvent,
  claimedTargets,
  type ClaimState,
  type Consequence,
  consequencesOf,
  commandTable,
  decide,
  type DecisionContext,
  type DirectoryFacts,
  evolve,
  expire,
  expiredClock,
  fold,
  isBefore,
  needsDirectory,
  noRelatedClaims,
  type Position,
  positionOf,
  renewedTargets,
  type RunningClock,
  type RelatedClaims,
} from '#libs/claims/index.js';
import { appendEvents, prepared, type SettledCommand, toEvent } from '#libs/event-store/index.js';
import { commandIdOf, type CommandOutcome, fingerprintOf } from './accept-command.js';
import { decisionContext } from './decision-context.js';
import type { ProgrammeLibrary } from '#libs/programmes/index.js';
import { type Change, findOwnOnTenant, findRelatedClaims, writeAssociationEnds, writeReadRows } from '#libs/read-models/index.js';
import { type LastCommand, lastCommandSql, settleCommands } from './settle-commands.js';

/** Where the claim stands after its inbox was worked off. */
export interface Execution {
  position: Position;
  partnerAccountId: string;
  /** Whether this execution wrote anything; a repeat finds everything done. */
  wasChanged: boolean;
  /** Milliseconds until the next alarm, from the product's clock; null when no clock runs. */
  wakeInMs: number | null;
  /** Set when the next command, or the closing window, needs the directory's answer first. */
  needsDirectory: boolean;
  /** The same for each live association with a clock. */
  associationWakeInMs: Record<string, number>;
  /** Claims that this one has changed, whose workflows do not know it yet. */
  changed: { claimId: string; partnerAccountId: string }[];
  /** Whether letters wait to be sent, those of an earlier transaction too: who wrote them may have been another claim's workflow, or lost. */
  hasLetters: boolean;
}

interface InboxRow {
  command_id: string;
  type: ClaimCommand['type'];
  actor: ClaimCommand['actor'];
  body: ClaimCommand['body'];
  expected_version: number | null;
  received_at: string;
  facts: DirectoryFacts | null;
  /** Partners for which a reviewer has acted before, on any claim. */
  acted_for: string[] | null;
}

interface Loaded {
  now: Date;
  version: number;
  last_hash: Buffer;
  events: Parameters<typeof toEvent>[0][] | null;
  inbox: InboxRow[] | null;
  latest_facts: DirectoryFacts | null;
  last_command: LastCommand;
  has_letters: boolean;
}

/**
 * The claim's targets, then the claim. Whoever decides on a target is alone with it until its transaction is over: two claims that reach for
 * it at once see each other, one after the other. Always in this order, or a claim and another's consequence for it would wait for each other.
 */
const lockSql = prepared(`
  WITH locked AS MATERIALIZED (
    SELECT array_agg(target) AS targets, count(pg_advisory_xact_lock(hashtextextended(target, 0))) AS locks
    FROM (SELECT DISTINCT target FROM claim_lines WHERE claim_id = $1 AND phase <> 'draft' ORDER BY target) wanted
  )
  SELECT targets, locks FROM locked, claims WHERE claim_id = $1 FOR UPDATE OF claims`);

const lockTargetsSql = prepared(`
  SELECT count(pg_advisory_xact_lock(hashtextextended(target, 0))) FROM (SELECT target FROM unnest($1::text[]) target ORDER BY target) wanted`);

const loadSql = prepared(`
  SELECT cpor_now() AS now, c.version, c.last_hash,
    (SELECT jsonb_agg(to_jsonb(e) - 'hash' - 'transaction_id' ORDER BY e.version) FROM claim_events e WHERE e.claim_id = c.claim_id) AS events,
    (SELECT jsonb_agg(to_jsonb(i) || jsonb_build_object('facts', a.facts, 'acted_for', CASE i.actor ->> 'kind' WHEN 'reviewer' THEN (
          SELECT jsonb_agg(partner_account_id) FROM partner_subjects s WHERE s.subject = i.actor ->> 'subject') END)
        ORDER BY i.received_at, i.sequence)
      FROM claim_commands i
      LEFT JOIN LATERAL (
        SELECT facts FROM directory_answers d WHERE d.command_id = i.command_id ORDER BY d.asked_at DESC LIMIT 1
      ) a ON true
      WHERE i.claim_id = c.claim_id AND i.outcome IS NULL) AS inbox,
    (SELECT facts FROM directory_answers d WHERE d.claim_id = c.claim_id ORDER BY d.asked_at DESC LIMIT 1) AS latest_facts,
    ${lastCommandSql} AS last_command,
    EXISTS (SELECT FROM letters l WHERE l.claim_id = c.claim_id AND l.outcome IS NULL) AS has_letters
  FROM claims c WHERE c.claim_id = $1`);

/** How often a transaction that lost a race for a target is tried again; the second try sees who won. */
const attempts = 3;

/**
 * Works off a claim's inbox in one transaction: locks the claim, lets each deadline act before what was received after it,
 * decides, appends, stores outcomes. Safe to repeat: what has an outcome is not decided again.
 */
export async function executeCommands(source: DataSource, library: ProgrammeLibrary, claimId: string): Promise<Execution> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await source.transaction((manager) => executeWithin(manager, library, claimId));
    } catch (error) {
      if (!isLostRace(error) || attempt === attempts) throw error;
    }
  }
}

/** The same within the caller's transaction. */
export async function executeWithin(manager: EntityManager, library: ProgrammeLibrary, claimId: string): Promise<Execution> {
  return (await execute({ manager, library, underWay: new Map() }, claimId)).execution;
}

interface Transaction {
  manager: EntityManager;
  library: ProgrammeLibrary;
  /** Claims that are worked off and not written yet, for what follows from them is carried out first. */
  underWay: Map<string, InboxWork>;
}

type Changed = Execution['changed'];

async function execute(transaction: Transaction, claimId: string): Promise<{ execution: Execution; work: InboxWork }> {
  const { manager, library, underWay } = transaction;
  const [lock] = await manager.query<{ targets: string[] | null }[]>(lockSql, [claimId]);
  // A statement of its own: only now is everything visible that was received before the lock was ours.
  const [loaded] = await manager.query<Loaded[]>(loadSql, [claimId]);
  if (loaded === undefined) throw new Error(`There is no claim ${claimId}.`);
  const heard: Changed = [];
  const hear = async (other: string): Promise<boolean> => {
    if (underWay.has(other)) return true;
    const { execution, work: own } = await execute(transaction, other);
    // Its own workflow asks the directory that its customer's word waits for.
    if (execution.wasChanged || own.hasWordWaiting) heard.push({ claimId: other, partnerAccountId: execution.partnerAccountId });
    heard.push(...execution.changed.filter((one) => one.claimId !== claimId));
    return !own.hasWordWaiting;
  };
  const work = new InboxWork(manager, library, claimId, loaded, new Set(lock?.targets), hear);
  underWay.set(claimId, work);
  const isDone = await work.drain(loaded.inbox ?? []);
  // Before our own rows: an association that makes way must have ended when the next one begins.
  const changed = distinct([...heard, ...(await executeConsequences(transaction, work))]);
  await work.write();
  underWay.delete(claimId);
  const position = positionOf(work.state);
  const wakeIn = (alarm: { at: string }) => Math.max(1, Date.parse(alarm.at) - loaded.now.getTime() + 1);
  const execution: Execution = {
    position,
    partnerAccountId: work.state.partnerAccountId,
    wasChanged: work.state.version > loaded.version,
    wakeInMs: position.alarm === null ? null : wakeIn(position.alarm),
    needsDirectory: !isDone,
    associationWakeInMs: Object.fromEntries(
      position.associations.flatMap(({ associationId, alarm }) => (alarm === null ? [] : [[associationId, wakeIn(alarm)]])),
    ),
    changed,
    hasLetters: work.hasLetters || loaded.has_letters,
  };
  return { execution, work };
}

/** Another claim has to act first, and an overdue clock of its own needs the directory's answer before. Its own workflow asks; try again. */
export class OtherClaimWaits extends Error {
  override readonly name = 'OtherClaimWaits';

  constructor(readonly claimId: string) {
    super(`Claim ${claimId} has to act first, and waits for the customer directory.`);
  }
}

const distinct = (changed: Changed): Changed => [...new Map(changed.map((one) => [one.claimId, one])).values()];

/** Puts what follows for other claims into their inboxes and works those off, in the same transaction. */
async function executeConsequences(transaction: Transaction, work: InboxWork): Promise<Changed> {
  const changed: Changed = [];
  // What has ended here, others may take from the same instant on, and not before.
  if (work.consequences.length > 0) await work.writeEnds();
  for (let next = work.consequences.shift(); next !== undefined; next = work.consequences.shift()) {
    const { claimId } = next;
    const row = await store(transaction.manager, next);
    // It waits for this one: two claims may each take the other's place, or one may hear what the customer has said of the other.
    const waiting = transaction.underWay.get(claimId);
    if (waiting !== undefined) {
      await waiting.take(row);
      continue;
    }
    const { execution, work: other } = await execute(transaction, claimId);
    // Who comes must not be written before who makes way: a reader of the feed would see two partners on one target.
    if (other.isWaiting(row.command_id)) throw new OtherClaimWaits(claimId);
    changed.push({ claimId, partnerAccountId: execution.partnerAccountId }, ...execution.changed);
  }
  return changed;
}

async function store(manager: EntityManager, { claimId, command, receivedAt, key }: Consequence & { key: string }): Promise<InboxRow> {
  const commandId = commandIdOf('cpor', key, claimId);
  const { type, actor, body } = command;
  await manager.query(
    `INSERT INTO claim_commands (command_id, claim_id, type, actor, body, fingerprint, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (command_id) DO NOTHING`,
    [commandId, claimId, type, actor, body, fingerprintOf(body), receivedAt],
  );
  return { command_id: commandId, type, actor, body, expected_version: null, received_at: receivedAt, facts: null, acted_for: null };
}

/** Another claim took the target first, or two claims reached for each other's locks at once. */
function isLostRace(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { constraint, code } = error.driverError as { constraint?: string; code?: string };
  return constraint === 'associations_one_partner_per_target' || code === deadlockDetected;
}

/** PostgreSQL's code. */
const deadlockDetected = '40P01';

/** Whether to go on, everything is done, or the directory's answer is wanted first. */
type Progress = 'on' | 'done' | 'waits';

const receivedAt = (row: InboxRow): string => new Date(row.received_at).toISOString();

/** One pass over a claim's inbox, in memory until it is written. */
class InboxWork {
  state: ClaimState;
  readonly consequences: (Consequence & { key: string })[] = [];
  hasLetters: boolean;
  private readonly now: string;
  private readonly knownSubjects: string[];
  private readonly changes: Change[] = [];
  private readonly before: ClaimState;
  private readonly settled: Omit<SettledCommand, 'settledAt'>[] = [];
  private relatedClaims: { of: string; found: RelatedClaims } | undefined;
  /** Commands that are not decided yet, in their order. */
  private inbox: InboxRow[] = [];
  private isDrained = false;
  /** Other claims of the company that were worked off before this one went on. */
  private readonly heard = new Set<string>();

  constructor(
    private readonly manager: EntityManager,
    private readonly library: ProgrammeLibrary,
    private readonly claimId: string,
    private readonly loaded: Loaded,
    private readonly lockedTargets: Set<string>,
    /** Works another claim off. Returns false when its customer's word still waits there. */
    private readonly hear: (claimId: string) => Promise<boolean>,
  ) {
    this.now = loaded.now.toISOString();
    this.before = fold((loaded.events ?? []).map(toEvent));
    this.state = this.before;
    this.knownSubjects = this.state.partnerSubjects;
    // Also those of an earlier execution, or of another claim's, which nobody may have told of.
    this.hasLetters = loaded.has_letters;
  }

  /** Whether a command of the inbox was not decided, for want of the directory's answer. */
  isWaiting(commandId: string): boolean {
    return this.inbox.some((row) => row.command_id === commandId);
  }

  /** Returns false when it stopped for want of the directory's answer. */
  async drain(inbox: InboxRow[]): Promise<boolean> {
    this.inbox = [...inbox];
    let next: Progress;
    do next = await this.step();
    while (next === 'on');
    this.isDrained = true;
    return next === 'done';
  }

  /** Whether the customer has said something that was not decided. */
  get hasWordWaiting(): boolean {
    return this.inbox.some(({ type }) => type === 'optOut');
  }

  /** One deadline, or one command, whichever stands first. */
  private async step(): Promise<Progress> {
    const [row] = this.inbox;
    const clock = expiredClock(this.state, row === undefined ? this.now : receivedAt(row));
    if (clock !== null) return this.letAct(clock);
    if (row === undefined) return 'done';
    // A draft is saved even while the directory is silent: its submission asks again.
    const isDraft = commandTable[row.type].isForDraft === true && this.state.submission === 0;
    if (commandTable[row.type].needsDirectory && !isDraft && row.facts === null) return 'waits';
    return this.decide(row);
  }

  /** One more command, of another claim's making: in its place among those that wait, or after all of them. */
  async take(row: InboxRow): Promise<void> {
    if (!this.isDrained) {
      const later = this.inbox.findIndex((other) => isBefore(receivedAt(row), receivedAt(other)));
      this.inbox.splice(later === -1 ? this.inbox.length : later, 0, row);
      return;
    }
    await this.decide(row);
    await this.writeEnds();
  }

  /** What another claim must see of this one before it is written. */
  async writeEnds(): Promise<void> {
    if (this.changes.length > 0) await writeAssociationEnds(this.manager, this.state);
  }

  /** Stores all. The claims that changed with it were written before: who makes way is heard of first. */
  async write(): Promise<void> {
    const { version, last_hash } = this.loaded;
    if (this.changes.length > 0) {
      const events = this.changes.map(({ event }) => event);
      const hash = await appendEvents(this.manager, this.claimId, last_hash, events);
      const newSubjects = this.state.partnerSubjects.filter((subject) => !this.knownSubjects.includes(subject));
      const written = { hash, from: version, before: this.before, now: this.now, newSubjects };
      if (await writeReadRows(this.manager, this.claimId, this.changes, written)) this.hasLetters = true;
    }
    if (this.settled.length > 0) await settleCommands(this.manager, this.claimId, this.loaded.last_command, this.settled, this.now);
  }

  private async decide(row: InboxRow): Promise<Progress> {
    const now = receivedAt(row);
    const actor = { ...row.actor, actsFor: [...row.actor.actsFor, ...(row.acted_for ?? [])] };
    const command = { type: row.type, actor, body: row.body } as ClaimCommand;
    const { command_id: commandId, type, body, expected_version: expectedVersion } = row;
    const { version } = this.state;
    const settle = (outcome: CommandOutcome): Progress => {
      this.inbox = this.inbox.filter((other) => other !== row);
      this.settled.push({ commandId, type, actor: row.actor, body, expectedVersion, receivedAt: now, outcome });
      return 'on';
    };
    const refuse = (code: string, message: string, field: string | null = null) =>
      settle({ status: 'refused', version, findings: [{ code, severity: 'error', field, line: null, message }] });
    if (row.expected_version !== null && row.expected_version !== version) {
      return refuse('version_conflict', `The claim is at version ${version} by now, you have seen ${row.expected_version}. Read it again.`);
    }
    const context = await this.context(command, now, row.facts, row.command_id);
    if (context === null) {
      return refuse('programme_unknown', `Use one of: ${(await this.library.programmes(this.manager)).join(', ')}.`, 'programme');
    }
    const decision = decide(this.state, command, context);
    if ('refused' in decision) return settle({ status: 'refused', version, findings: decision.refused });
    const heard = await this.hearOwn(decision.events, context);
    if (heard !== 'nothing') return heard;
    this.append(decision.events, row.command_id);
    return settle({ status: 'done', version: this.state.version });
  }

  private async letAct(clock: RunningClock): Promise<Progress> {
    const { dueAt } = clock.deadline;
    const facts = this.loaded.latest_facts;
    // An answer from before the deadline says nothing about the instant at which the association would begin.
    if (needsDirectory(this.state, clock) && (facts === null || isBefore(facts.askedAt, dueAt))) return 'waits';
    const policy = await this.library.policy(this.state.policy, this.manager);
    const context = await this.contextWith(policy, dueAt, facts, uuidV5(`${this.state.version}`, this.claimId));
    const events = expire(this.state, clock, context);
    const heard = await this.hearOwn(events, context);
    if (heard !== 'nothing') return heard;
    this.append(events, null);
    return 'on';
  }

  /**
   * Before an association begins: the customer may have refused the company on the target by another of its claims, and that may lie in the
   * other's inbox. It is worked off first, and what follows from it takes its place among this claim's commands.
   */
  private async hearOwn(events: ClaimEvent[], { own, holders }: DecisionContext): Promise<Progress | 'nothing'> {
    if (!events.some(({ type }) => type === 'LinesMadeOfficial' || type === 'AssociationTransferred')) return 'nothing';
    const held = holders.filter(({ partnerAccountId }) => partnerAccountId === this.state.partnerAccountId);
    const others = [...own, ...held].map(({ claimId }) => claimId).filter((claimId) => !this.heard.has(claimId));
    if (others.length === 0) return 'nothing';
    this.relatedClaims = undefined;
    for (const claimId of new Set(others)) {
      this.heard.add(claimId);
      if (!(await this.hear(claimId))) return 'waits';
    }
    return 'on';
  }

  private append(events: ClaimEvent[], commandId: string | null): void {
    for (const event of events) {
      this.state = evolve(this.state, event);
      const key = `${this.claimId}/${this.state.version}`;
      for (const [index, one] of consequencesOf(this.claimId, event).entries()) this.consequences.push({ ...one, key: `${key}/${index}` });
      const recorded = { ...event, version: this.state.version, recordedAt: this.now, commandId };
      this.changes.push({ event: recorded, after: this.state });
    }
    this.relatedClaims = undefined;
  }

  /** A draft follows the policy in force; from its submission on, a claim stays with the version it was submitted under. */
  private async context(command: ClaimCommand, now: string, facts: DirectoryFacts | null, seed: string): Promise<DecisionContext | null> {
    const isDraft = this.state.submission === 0;
    const programme = command.type === 'draftClaim' ? command.body.details.programme : this.state.details.programme;
    const policy = isDraft
      ? await this.library.policyInForce(programme, now, this.manager)
      : await this.library.policy(this.state.policy, this.manager);
    return policy === null ? null : this.contextWith(policy, now, facts, seed, command);
  }

  private async contextWith(
    policy: Awaited<ReturnType<ProgrammeLibrary['policy']>>,
    now: string,
    facts: DirectoryFacts | null,
    seed: string,
    command?: ClaimCommand,
  ): Promise<DecisionContext> {
    const calendar = await this.library.calendarInForce(policy.calendar, now, this.manager);
    const policyInForce = (await this.library.policyInForce(policy.name, now, this.manager)) ?? policy;
    const relatedClaims = await this.lookAround({ policy, facts }, command);
    return decisionContext({ claimId: this.claimId, now, policy, policyInForce, calendar, facts, relatedClaims, seed });
  }

  /** What others have to do with the claim's targets, also with those that the command would add. */
  private async lookAround(known: Pick<DecisionContext, 'policy' | 'facts'>, command?: ClaimCommand): Promise<RelatedClaims> {
    if (command !== undefined && !commandTable[command.type].needsDirectory && !commandTable[command.type].needsRelatedClaims)
      return noRelatedClaims;
    const details =
      command?.type === 'draftClaim'
        ? command.body.details
        : { ...this.state.details, ...(command?.type === 'editClaim' && command.body.changes) };
    // A draft is about what its submission would make of it, by the policy in force.
    const key = this.state.submission === 0 ? known.policy.exclusivityKey : this.state.exclusivityKey;
    const claim = {
      claimId: this.claimId,
      partnerAccountId: command?.type === 'draftClaim' ? command.body.partnerAccountId : this.state.partnerAccountId,
      tenantId: details.tenantId,
      targets: [...new Set([...claimedTargets(details, known, key), ...renewedTargets(this.state, known)])],
    };
    const isBlocking = command?.type === 'optOut' && command.body.blockPartner === true;
    const of = JSON.stringify([claim, isBlocking]);
    if (this.relatedClaims?.of === of) return this.relatedClaims.found;
    if (this.state.submission > 0 || command?.type === 'submitClaim') await this.lock(claim.targets);
    const around = await findRelatedClaims(this.manager, claim);
    const found = isBlocking ? { ...around, own: await findOwnOnTenant(this.manager, claim) } : around;
    this.relatedClaims = { of, found };
    return found;
  }

  /** Targets that the claim reaches for only now. */
  private async lock(targets: string[]): Promise<void> {
    const free = targets.filter((target) => !this.lockedTargets.has(target));
    if (free.length > 0) await this.manager.query(lockTargetsSql, [free]);
    for (const target of free) this.lockedTargets.add(target);
  }
}
