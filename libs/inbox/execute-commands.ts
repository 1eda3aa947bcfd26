import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { isSameWait, type CommandType, type Finding, type Position, positionOf } from '#libs/claims/index.js';
import type { ProgrammeLibrary } from '#libs/programmes/index.js';
import type { Acceptance, CommandOutcome } from './accept-command.js';
import { settlement } from '../../temporal.config.js';
import { applyConsequences, type ChangedClaim } from './consequences.js';
import { ContextReader } from './context-reader.js';
import { InboxPass, type PassEnd } from './inbox-pass.js';
import { loadClaim, lockClaim } from './load-claim.js';
import { sendCommand, type SentCommand } from './send-command.js';
import { writeClaim } from './write-claim.js';

/** What a claim waits for once its inbox has been drained. */
export interface Execution {
  position: Position;
  partnerAccountId: string;
  /** Whether this execution wrote anything; a repeat finds everything done. */
  wasChanged: boolean;
  /** Whether a workflow has to learn of it: something else is waited for, letters are to be sent, or other claims have changed. */
  isNews: boolean;
  /** Milliseconds until the next alarm, from the product's clock; null when no clock runs. */
  wakeInMs: number | null;
  /** Whether many claims have the same next deadline, as far as was looked. */
  isDeadlineShared: boolean;
  /** Set when the next command, or the window that closes, needs the directory's answer first. */
  needsDirectory: boolean;
  /** The type of the next command if this version does not know it, so that it and everything after it wait for one that does. */
  unknownCommand: string | null;
  /** Milliseconds until the alarm of each live association that has a clock. */
  associationWakeInMs: Record<string, number>;
  /** Claims changed by this one, whose workflows do not know it yet. */
  changed: ChangedClaim[];
  /** Whether letters are waiting to be sent, earlier ones included: the workflow that knew of those may be another claim's, or lost. */
  hasLetters: boolean;
}

/** Nothing follows from a deadline that is held back, so a workflow that waits for it must not ask again at once. */
const heldPauseMs = 60_000;

/** How often a transaction that lost a race for a target is attempted; the second attempt sees who won. */
const attempts = 3;

/**
 * Drains a claim's inbox in one transaction: locks the claim, fires each deadline before what was received after it, decides, appends events
 * and stores outcomes. Safe to repeat: what has an outcome is not decided again.
 */
export function executeCommands(source: DataSource, library: ProgrammeLibrary, claimId: string): Promise<Execution> {
  return inTransaction(source, async (manager) => (await executeWithin(manager, library, claimId)).execution);
}

/** A claim's execution, and the outcome of each command that it decided, by the command's id. */
export interface Executed {
  execution: Execution;
  outcomes: ReadonlyMap<string, CommandOutcome>;
}

/** Drains a claim's inbox within the caller's transaction. */
export async function executeWithin(manager: EntityManager, library: ProgrammeLibrary, claimId: string): Promise<Executed> {
  return executedOf(await executeClaim({ manager, library, openPasses: new Map() }, claimId));
}

/** Drains the inbox of a claim that the caller's transaction has inserted: nobody else can have locked it, and it has no targets yet. */
export async function executeNewClaim(manager: EntityManager, library: ProgrammeLibrary, claimId: string): Promise<Executed> {
  return executedOf(await executeClaim({ manager, library, openPasses: new Map() }, claimId, []));
}

const executedOf = ({ pass, execution }: ExecutedClaim): Executed => ({
  execution,
  outcomes: new Map(pass.decided.map(({ commandId, outcome }) => [commandId, outcome as CommandOutcome])),
});

/**
 * Stores a command and drains its claim's inbox, in one transaction. The claim is locked before the command is stamped, so nothing that was
 * received earlier is decided later. The execution is null when the command was not stored, or had its outcome before.
 */
export function sendAndExecute<Type extends CommandType>(
  source: DataSource,
  library: ProgrammeLibrary,
  sent: SentCommand<Type>,
  /** Written in the same transaction, unless the command is a repeat. */
  alongside: (manager: EntityManager) => Promise<void> = () => Promise.resolve(),
): Promise<{ acceptance: Acceptance; execution: Execution | null }> {
  const { claimId, commandId } = sent;
  return inTransaction(source, async (manager) => {
    const lockedTargets = await lockClaim(manager, claimId);
    const acceptance = await sendCommand(manager, sent);
    if (acceptance.result === 'conflict' || acceptance.result === 'claim_unknown') return { acceptance, execution: null };
    if (acceptance.result === 'accepted') await alongside(manager);
    else if (acceptance.command.outcome !== null) return { acceptance, execution: null };
    const { execution, outcomes } = executedOf(await executeClaim({ manager, library, openPasses: new Map() }, claimId, lockedTargets));
    const outcome = outcomes.get(commandId) ?? null;
    return { acceptance: { ...acceptance, command: { ...acceptance.command, outcome } }, execution };
  });
}

/** What became of commands that were sent together. Nothing is stored unless they are `done`. */
export type Together =
  | { result: 'done'; execution: Execution }
  | { result: 'refused'; findings: Finding[] }
  /** The claim waits for the directory's answer or another claim first. */
  | { result: 'undecided' }
  /** They were sent before. */
  | { result: 'repeated' };

/** Undoes a transaction whose result is known. */
class Undone extends Error {
  constructor(readonly result: Together) {
    super(result.result);
  }
}

/**
 * Stores commands of one claim and executes them in one transaction: all of them are done, or none is stored. With `isTrial` nothing is kept,
 * and the result is what it would have been.
 */
export async function sendTogether(
  source: DataSource,
  library: ProgrammeLibrary,
  sent: SentCommand<CommandType>[],
  { isTrial = false, alongside }: { isTrial?: boolean; alongside?: (manager: EntityManager, execution: Execution) => Promise<void> } = {},
): Promise<Together> {
  try {
    return await inTransaction(source, async (manager) => {
      const { claimId } = sent[0]!;
      const lockedTargets = await lockClaim(manager, claimId);
      for (const command of sent) {
        const { result } = await sendCommand(manager, command);
        if (result !== 'accepted') throw new Undone({ result: 'repeated' });
      }
      const { execution, outcomes } = executedOf(await executeClaim({ manager, library, openPasses: new Map() }, claimId, lockedTargets));
      const decided = sent.map(({ commandId }) => outcomes.get(commandId));
      // What follows a refused command was decided without it, so it says nothing.
      const refused = decided.find((outcome) => outcome?.status === 'refused');
      if (refused?.status === 'refused') throw new Undone({ result: 'refused', findings: refused.findings });
      if (decided.includes(undefined)) throw new Undone({ result: 'undecided' });
      const done: Together = { result: 'done', execution };
      if (isTrial) throw new Undone(done);
      await alongside?.(manager, execution);
      return done;
    });
  } catch (error) {
    if (error instanceof Undone) return error.result;
    throw error;
  }
}

/** Runs a transaction again when it lost a race. */
export async function inTransaction<Result>(source: DataSource, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await source.transaction(work);
    } catch (error) {
      if (!isLostRace(error) || attempt === attempts) throw error;
    }
  }
}

interface Transaction {
  manager: EntityManager;
  library: ProgrammeLibrary;
  /** Passes that are not written yet, because the claims that they affect are executed first. */
  openPasses: Map<string, InboxPass>;
}

interface ExecutedClaim {
  pass: InboxPass;
  execution: Execution;
}

async function executeClaim(transaction: Transaction, claimId: string, locked?: string[]): Promise<ExecutedClaim> {
  const { manager, library, openPasses } = transaction;
  const lockedTargets = locked ?? (await lockClaim(manager, claimId));
  // A separate statement: only its snapshot shows everything that was received before we got the lock.
  const claim = await loadClaim(manager, claimId);
  const related = new RelatedExecutions(transaction, claimId);
  const pass = new InboxPass(claim, new ContextReader(manager, library, claimId, lockedTargets), (other) => related.drainFirst(other));

  openPasses.set(claimId, pass);
  const end = await pass.drain();
  const affected = await applyConsequences(manager, pass, { openPasses, drainOther: (other) => related.execute(other) });
  const written = await writeClaim(manager, pass);
  openPasses.delete(claimId);

  const changed = distinct([...related.changed, ...affected]);
  const hasNewLetters = written?.hasLetters === true;
  const hasLetters = hasNewLetters || claim.hasUnsentLetters;
  const isDeadlineShared = written === null || written.claimsOnDeadline >= settlement.fromClaims;
  const execution = executionOf(pass, end === 'held' ? heldPauseMs : 1);
  const isNews = hasNewLetters || changed.length > 0 || !isSameWait(positionOf(claim.state), execution.position);
  return { pass, execution: { ...execution, isDeadlineShared, isNews, needsDirectory: end === 'needs_directory', changed, hasLetters } };
}

/** Claims that are executed in the transaction of another one. */
class RelatedExecutions {
  /** Claims that changed because they were drained first. */
  readonly changed: ChangedClaim[] = [];

  constructor(
    private readonly transaction: Transaction,
    private readonly claimId: string,
  ) {}

  /** Drains a claim before ours continues. Returns what an opt-out there still waits for, and `drained` when none does. */
  async drainFirst(claimId: string): Promise<PassEnd> {
    if (this.transaction.openPasses.has(claimId)) return 'drained';
    const { pass, execution } = await executeClaim(this.transaction, claimId);
    const { partnerAccountId } = execution;
    // A claim with an undecided opt-out is woken too: its own workflow asks the directory.
    if (execution.wasChanged || pass.hasUndecidedOptOut) this.changed.push({ claimId, partnerAccountId });
    this.changed.push(...execution.changed.filter((changed) => changed.claimId !== this.claimId));
    if (!pass.hasUndecidedOptOut) return 'drained';
    return execution.needsDirectory ? 'needs_directory' : 'held';
  }

  async execute(claimId: string): Promise<{ pass: InboxPass; changed: ChangedClaim[] }> {
    const { pass, execution } = await executeClaim(this.transaction, claimId);
    return { pass, changed: [{ claimId, partnerAccountId: execution.partnerAccountId }, ...execution.changed] };
  }
}

function executionOf(
  pass: InboxPass,
  shortestWaitMs: number,
): Omit<Execution, 'isDeadlineShared' | 'isNews' | 'needsDirectory' | 'changed' | 'hasLetters'> {
  const { claim, state, unknownCommand } = pass;
  const position = positionOf(state);
  const millisecondsUntil = (at: string) => Math.max(shortestWaitMs, Date.parse(at) - Date.parse(claim.now) + 1);
  return {
    position,
    partnerAccountId: state.partnerAccountId,
    wasChanged: state.version > claim.version,
    unknownCommand,
    wakeInMs: position.alarm === null ? null : millisecondsUntil(position.alarm.at),
    associationWakeInMs: Object.fromEntries(
      position.associations.flatMap(({ associationId, alarm }) => (alarm === null ? [] : [[associationId, millisecondsUntil(alarm.at)]])),
    ),
  };
}

const distinct = (changed: ChangedClaim[]): ChangedClaim[] => [...new Map(changed.map((claim) => [claim.claimId, claim])).values()];

/** Another claim took the target first, or two claims reached for each other's locks at once. */
function isLostRace(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { constraint, code } = error.driverError as { constraint?: string; code?: string };
  return constraint === 'associations_one_partner_per_target' || code === deadlockDetected;
}

/** PostgreSQL's code. */
const deadlockDetected = '40P01';
