import type { EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import {
  type ClaimCommand,
  claimedTargets,
  type ClaimState,
  commandTable,
  type DecisionContext,
  type DirectoryFacts,
  noRelatedClaims,
  type RelatedClaims,
  renewedTargets,
} from '#libs/claims/index.js';
import type { Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { findOwnOnTenant, findRelatedClaims } from '#libs/read-models/index.js';
import { decisionContext } from './decision-context.js';
import { lockTargets, type PendingCommand } from './load-claim.js';

interface Known {
  policy: Policy;
  facts: DirectoryFacts | null;
}

/** Reads what the rules need to know about the world outside one claim, and locks targets that are new to the claim. */
export class ContextReader {
  private related: { key: string; claims: RelatedClaims } | undefined;
  private readonly lockedTargets: Set<string>;

  constructor(
    private readonly manager: EntityManager,
    private readonly library: ProgrammeLibrary,
    private readonly claimId: string,
    lockedTargets: string[],
  ) {
    this.lockedTargets = new Set(lockedTargets);
  }

  /**
   * Reads the context in which a command is decided. Returns null when its programme does not exist. A draft follows the policy in force; a
   * submitted claim keeps the version that it was submitted under.
   */
  async forCommand(state: ClaimState, { commandId, command, receivedAt, facts }: PendingCommand): Promise<DecisionContext | null> {
    const isDraft = state.submission === 0;
    const programme = command.type === 'draftClaim' ? command.body.details.programme : state.details.programme;
    const policy = isDraft
      ? await this.library.policyInForce(programme, receivedAt, this.manager)
      : await this.library.policy(state.policy, this.manager);
    if (policy === null) return null;
    const relatedClaims = this.needsRelatedClaims(command) ? await this.relatedClaims(state, { policy, facts }, command) : noRelatedClaims;
    return this.read({ policy, now: receivedAt, facts, relatedClaims, seed: commandId });
  }

  /** Reads the context in which a clock fires: its deadline is the instant that decides. */
  async forClock(state: ClaimState, dueAt: string, facts: DirectoryFacts | null): Promise<DecisionContext> {
    const policy = await this.library.policy(state.policy, this.manager);
    const relatedClaims = await this.relatedClaims(state, { policy, facts });
    return this.read({ policy, now: dueAt, facts, relatedClaims, seed: uuidV5(`${state.version}`, this.claimId) });
  }

  /** Reads the names of all programmes. */
  programmes(): Promise<string[]> {
    return this.library.programmes(this.manager);
  }

  /** Call it when a related claim may have changed. What this claim changes is written once its pass is over. */
  forgetRelatedClaims(): void {
    this.related = undefined;
  }

  private async read(known: Known & { now: string; relatedClaims: RelatedClaims; seed: string }): Promise<DecisionContext> {
    const { policy, now } = known;
    const calendar = await this.library.calendarInForce(policy.calendar, now, this.manager);
    const policyInForce = (await this.library.policyInForce(policy.name, now, this.manager)) ?? policy;
    return decisionContext({ claimId: this.claimId, policyInForce, calendar, ...known });
  }

  private needsRelatedClaims({ type }: ClaimCommand): boolean {
    const { needsDirectory, needsRelatedClaims } = commandTable[type];
    return needsDirectory === true || needsRelatedClaims === true;
  }

  /** Reads the other claims on the claim's targets, including targets that the command would add. */
  private async relatedClaims(state: ClaimState, known: Known, command?: ClaimCommand): Promise<RelatedClaims> {
    const claim = this.claimAfter(state, known, command);
    const isBlocking = command?.type === 'blockPartner' || (command?.type === 'optOut' && command.body.blockPartner === true);
    const key = JSON.stringify([claim, isBlocking]);
    if (this.related?.key === key) return this.related.claims;
    if (state.submission > 0 || command?.type === 'submitClaim') await this.lock(claim.targets);
    const found = await findRelatedClaims(this.manager, claim);
    const claims = isBlocking ? { ...found, own: await findOwnOnTenant(this.manager, claim) } : found;
    this.related = { key, claims };
    return claims;
  }

  /** The claim as the command would leave it, as far as other claims are concerned. */
  private claimAfter(state: ClaimState, known: Known, command?: ClaimCommand) {
    const details =
      command?.type === 'draftClaim'
        ? command.body.details
        : { ...state.details, ...(command?.type === 'editClaim' && command.body.changes) };
    // A draft is judged by what its submission would make of it, under the policy in force.
    const exclusivityKey = state.submission === 0 ? known.policy.exclusivityKey : state.exclusivityKey;
    return {
      claimId: this.claimId,
      partnerAccountId: command?.type === 'draftClaim' ? command.body.partnerAccountId : state.partnerAccountId,
      tenantId: details.tenantId,
      targets: [...new Set([...claimedTargets(details, known, exclusivityKey), ...renewedTargets(state, known)])],
    };
  }

  private async lock(targets: string[]): Promise<void> {
    const free = targets.filter((target) => !this.lockedTargets.has(target));
    if (free.length > 0) await lockTargets(this.manager, free);
    for (const target of free) this.lockedTargets.add(target);
  }
}
