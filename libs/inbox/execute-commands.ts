import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { type Position, positionOf } from '#libs/claims/index.js';
import type { ProgrammeLibrary } from '#libs/programmes/index.js';
import { applyConsequences, type ChangedClaim } from './consequences.js';
import { ContextReader } from './context-reader.js';
import { InboxPass } from './inbox-pass.js';
import { loadClaim, lockClaim } from './load-claim.js';
import { writeClaim } from './write-claim.js';

/** What a claim waits for once its inbox has been drained. */
export interface Execution {
  position: Position;
  partnerAccountId: string;
  /** Whether this execution wrote anything; a repeat finds everything done. */
  wasChanged: boolean;
  /** Milliseconds until the next alarm, from the product's clock; null when no clock runs. */
  wakeInMs: number | null;
  /** Set when the next command, or the window that closes, needs the directory's answer first. */
  needsDirectory: boolean;
  /** Milliseconds until the alarm of each live association that has a clock. */
  associationWakeInMs: Record<string, number>;
  /** Claims changed by this one, whose workflows do not know it yet. */
  changed: ChangedClaim[];
  /** Whether letters are waiting to be sent, earlier ones included: the workflow that knew of those may be another claim's, or lost. */
  hasLetters: boolean;
}

/** How often a transaction that lost a race for a target is attempted; the second attempt sees who won. */
const attempts = 3;

/**
 * Drains a claim's inbox in one transaction: locks the claim, fires each deadline before what was received after it, decides, appends events
 * and stores outcomes. Safe to repeat: what has an outcome is not decided again.
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

/** Drains a claim's inbox within the caller's transaction. */
export async function executeWithin(manager: EntityManager, library: ProgrammeLibrary, claimId: string): Promise<Execution> {
  const { execution } = await executeClaim({ manager, library, openPasses: new Map() }, claimId);
  return execution;
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

async function executeClaim(transaction: Transaction, claimId: string): Promise<ExecutedClaim> {
  const { manager, library, openPasses } = transaction;
  const lockedTargets = await lockClaim(manager, claimId);
  // A separate statement: only its snapshot shows everything that was received before we got the lock.
  const claim = await loadClaim(manager, claimId);
  const related = new RelatedExecutions(transaction, claimId);
  const pass = new InboxPass(claim, new ContextReader(manager, library, claimId, lockedTargets), (other) => related.drainFirst(other));

  openPasses.set(claimId, pass);
  const isDrained = await pass.drain();
  const affected = await applyConsequences(manager, pass, { openPasses, drainOther: (other) => related.execute(other) });
  const hasNewLetters = await writeClaim(manager, pass);
  openPasses.delete(claimId);

  const changed = distinct([...related.changed, ...affected]);
  const hasLetters = hasNewLetters || claim.hasUnsentLetters;
  return { pass, execution: { ...executionOf(pass), needsDirectory: !isDrained, changed, hasLetters } };
}

/** Claims that are executed in the transaction of another one. */
class RelatedExecutions {
  /** Claims that changed because they were drained first. */
  readonly changed: ChangedClaim[] = [];

  constructor(
    private readonly transaction: Transaction,
    private readonly claimId: string,
  ) {}

  /** Drains a claim before ours continues. Returns false when an opt-out there is still undecided. */
  async drainFirst(claimId: string): Promise<boolean> {
    if (this.transaction.openPasses.has(claimId)) return true;
    const { pass, execution } = await executeClaim(this.transaction, claimId);
    const { partnerAccountId } = execution;
    // A claim with an undecided opt-out is woken too: its own workflow asks the directory.
    if (execution.wasChanged || pass.hasUndecidedOptOut) this.changed.push({ claimId, partnerAccountId });
    this.changed.push(...execution.changed.filter((changed) => changed.claimId !== this.claimId));
    return !pass.hasUndecidedOptOut;
  }

  async execute(claimId: string): Promise<{ pass: InboxPass; changed: ChangedClaim[] }> {
    const { pass, execution } = await executeClaim(this.transaction, claimId);
    return { pass, changed: [{ claimId, partnerAccountId: execution.partnerAccountId }, ...execution.changed] };
  }
}

function executionOf({ claim, state }: InboxPass): Omit<Execution, 'needsDirectory' | 'changed' | 'hasLetters'> {
  const position = positionOf(state);
  const millisecondsUntil = (at: string) => Math.max(1, Date.parse(at) - Date.parse(claim.now) + 1);
  return {
    position,
    partnerAccountId: state.partnerAccountId,
    wasChanged: state.version > claim.version,
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
