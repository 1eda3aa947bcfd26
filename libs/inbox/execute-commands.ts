import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import {
  type ClaimCommand,
  type ClaimEvent,
  type ClaimState,
  commandRules,
  decide,
  type DecisionContext,
  type DirectoryFacts,
  evolve,
  expire,
  expiredClock,
  fold,
  type Holder,
  needsDirectory,
  type Position,
  positionOf,
  targetOf,
} from '#libs/claims/index.js';
import { appendEvents, type RecordedEvent, toEvent } from '#libs/event-store/index.js';
import type { CommandOutcome } from './accept-command.js';
import { decisionContext } from './decision-context.js';
import type { ProgrammeLibrary } from './programme-library.js';
import { writeReadRows } from './read-rows.js';

/** Where the claim stands after its inbox was worked off. */
export interface Execution {
  position: Position;
  /** Milliseconds until the next alarm, from the product's clock; null when no clock runs. */
  wakeInMs: number | null;
  /** Set when the next command, or the closing window, needs the directory's answer first. */
  needsDirectory: boolean;
}

interface InboxRow {
  command_id: string;
  type: ClaimCommand['type'];
  actor: ClaimCommand['actor'];
  body: ClaimCommand['body'];
  expected_version: number | null;
  received_at: string;
  facts: DirectoryFacts | null;
}

interface Loaded {
  now: Date;
  version: number;
  last_hash: Buffer;
  events: Parameters<typeof toEvent>[0][] | null;
  inbox: InboxRow[] | null;
  latest_facts: DirectoryFacts | null;
}

const loadSql = `
  SELECT cpor_now() AS now, c.version, c.last_hash,
    (SELECT jsonb_agg(to_jsonb(e) - 'hash' - 'transaction_id' ORDER BY e.version) FROM claim_events e WHERE e.claim_id = c.claim_id) AS events,
    (SELECT jsonb_agg(to_jsonb(i) || jsonb_build_object('facts', a.facts) ORDER BY i.received_at, i.sequence)
      FROM claim_commands i
      LEFT JOIN LATERAL (
        SELECT facts FROM directory_answers d WHERE d.command_id = i.command_id ORDER BY d.asked_at DESC LIMIT 1
      ) a ON true
      WHERE i.claim_id = c.claim_id AND i.outcome IS NULL) AS inbox,
    (SELECT facts FROM directory_answers d WHERE d.claim_id = c.claim_id ORDER BY d.asked_at DESC LIMIT 1) AS latest_facts
  FROM claims c WHERE c.claim_id = $1`;

/** How often a transaction that lost a race for a target is tried again; the second try sees who won. */
const attempts = 3;

/**
 * Works off a claim's inbox in one transaction: locks the claim, lets each deadline act before what was received after it,
 * decides, appends, stores outcomes. Safe to repeat: what has an outcome is not decided again.
 */
export async function executeCommands(source: DataSource, library: ProgrammeLibrary, claimId: string): Promise<Execution> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await source.transaction('READ COMMITTED', (manager) => executeWithin(manager, library, claimId));
    } catch (error) {
      if (!isLostRace(error) || attempt === attempts) throw error;
    }
  }
}

/** The same within the caller's transaction. */
export async function executeWithin(manager: EntityManager, library: ProgrammeLibrary, claimId: string): Promise<Execution> {
  await manager.query('SELECT FROM claims WHERE claim_id = $1 FOR UPDATE', [claimId]);
  // A statement of its own: only now is everything visible that was received before the lock was ours.
  const [loaded] = await manager.query<Loaded[]>(loadSql, [claimId]);
  if (loaded === undefined) throw new Error(`There is no claim ${claimId}.`);
  const work = new InboxWork(manager, library, claimId, loaded);
  const isDone = await work.workOff(loaded.inbox ?? []);
  await work.write();
  const position = positionOf(work.state);
  const wakeInMs = position.alarm === null ? null : Math.max(1, Date.parse(position.alarm.at) - loaded.now.getTime() + 1);
  return { position, wakeInMs, needsDirectory: !isDone };
}

function isLostRace(error: unknown): boolean {
  const constraint = error instanceof QueryFailedError ? (error.driverError as { constraint?: string }).constraint : undefined;
  return constraint === 'associations_one_partner_per_target';
}

/** The live associations of other claims on some targets. */
export function findHolders(database: Pick<EntityManager, 'query'>, targets: string[], claimId: string): Promise<Holder[]> {
  return database.query<Holder[]>(
    `SELECT target, partner_account_id AS "partnerAccountId", activities, claim_id AS "claimId"
     FROM associations WHERE ended_at IS NULL AND target = ANY($1) AND claim_id <> $2`,
    [targets, claimId],
  );
}

/** One pass over a claim's inbox, in memory until it is written. */
class InboxWork {
  state: ClaimState;
  private readonly now: string;
  private readonly appended: RecordedEvent[] = [];
  private readonly outcomes: { commandId: string; outcome: CommandOutcome }[] = [];
  private holders: Holder[] | undefined;

  constructor(
    private readonly manager: EntityManager,
    private readonly library: ProgrammeLibrary,
    private readonly claimId: string,
    private readonly loaded: Loaded,
  ) {
    this.now = loaded.now.toISOString();
    this.state = fold((loaded.events ?? []).map(toEvent));
  }

  /** Returns false when it stopped for want of the directory's answer. */
  async workOff(inbox: InboxRow[]): Promise<boolean> {
    for (const row of inbox) {
      const receivedAt = new Date(row.received_at).toISOString();
      if (!(await this.letDeadlinesAct(receivedAt))) return false;
      // A draft is saved even while the directory is silent: its submission asks again.
      const isDraft = commandRules[row.type].isForDraft && this.state.submission === 0;
      if (commandRules[row.type].needsDirectory && !isDraft && row.facts === null) return false;
      await this.decide(row, receivedAt);
    }
    return this.letDeadlinesAct(this.now);
  }

  async write(): Promise<void> {
    const { version, last_hash } = this.loaded;
    if (this.appended.length > 0) {
      const hash = await appendEvents(this.manager, this.claimId, last_hash, this.appended);
      await writeReadRows(this.manager, this.claimId, this.state, { hash, from: version, events: this.appended, now: this.now });
    }
    if (this.outcomes.length === 0) return;
    await this.manager.query(
      `UPDATE claim_commands c SET outcome = o.outcome, settled_at = $2
       FROM jsonb_to_recordset($1::jsonb) AS o("commandId" uuid, outcome jsonb) WHERE c.command_id = o."commandId"`,
      [JSON.stringify(this.outcomes), this.now],
    );
  }

  private async decide(row: InboxRow, now: string): Promise<void> {
    const command = { type: row.type, actor: row.actor, body: row.body } as ClaimCommand;
    const settle = (outcome: CommandOutcome) => this.outcomes.push({ commandId: row.command_id, outcome });
    const { version } = this.state;
    const refuse = (code: string, message: string, field: string | null = null) =>
      settle({ status: 'refused', version, findings: [{ code, severity: 'error', field, line: null, message }] });
    if (row.expected_version !== null && row.expected_version !== version) {
      refuse('version_conflict', `The claim is at version ${version} by now, you have seen ${row.expected_version}. Read it again.`);
      return;
    }
    const context = await this.context(command, now, row.facts, row.command_id);
    if (context === null) {
      refuse('programme_unknown', `Use one of: ${(await this.library.programmes(this.manager)).join(', ')}.`, 'programme');
      return;
    }
    const decision = decide(this.state, command, context);
    if ('refused' in decision) {
      settle({ status: 'refused', version, findings: decision.refused });
      return;
    }
    this.append(decision.events, row.command_id);
    settle({ status: 'done', version: this.state.version });
  }

  private async letDeadlinesAct(before: string): Promise<boolean> {
    for (let clock = expiredClock(this.state, before); clock !== null; clock = expiredClock(this.state, before)) {
      const { dueAt } = clock.deadline;
      const facts = this.loaded.latest_facts;
      // An answer from before the deadline says nothing about the instant at which the association would begin.
      if (needsDirectory(this.state, clock) && (facts === null || facts.askedAt < dueAt)) return false;
      const policy = await this.library.policy(this.state.policy, this.manager);
      const context = await this.contextWith(policy, dueAt, facts, uuidV5(`${this.state.version}`, this.claimId));
      this.append(expire(this.state, clock, context), null);
    }
    return true;
  }

  private append(events: ClaimEvent[], commandId: string | null): void {
    for (const event of events) {
      this.state = evolve(this.state, event);
      this.appended.push({ ...event, version: this.state.version, recordedAt: this.now, commandId });
    }
    this.holders = undefined;
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
    return decisionContext({ now, policy, calendar, facts, holders: await this.liveHolders(command), seed });
  }

  /** The live associations on the claim's targets, also on those that the command would add. */
  private async liveHolders(command?: ClaimCommand): Promise<Holder[]> {
    if (command !== undefined && !commandRules[command.type].needsDirectory) return [];
    const stated =
      command?.type === 'draftClaim'
        ? command.body.details
        : command?.type === 'editClaim'
          ? { ...this.state.details, ...command.body.changes }
          : null;
    const details = stated ?? this.state.details;
    if (stated === null && this.holders !== undefined) return this.holders;
    const targets = details.lines.map((line) => targetOf(details, line));
    if (targets.length === 0) return [];
    const holders = await findHolders(this.manager, targets, this.claimId);
    if (stated === null) this.holders = holders;
    return holders;
  }
}
