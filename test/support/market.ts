import {
  type ClaimCommand,
  type ClaimEvent,
  type ClaimState,
  consequencesOf,
  decide,
  evolve,
  expire,
  expiredClock,
  initialState,
  type RelatedClaims,
  targetOf,
} from '#libs/claims/index.js';
import type { Policy } from '#libs/programmes/index.js';
import { type World, worldAt } from './claim-specification.js';

export interface MarketClaim {
  claimId: string;
  events: ClaimEvent[];
  state: ClaimState;
}

/**
 * Use it for random tests of the rules alone: many claims on few targets, in memory. Each decision sees the other claims as the database
 * would show them, and its consequences for them are executed with it. A claim's deadlines are settled when it is drained, however late.
 */
export class Market {
  readonly claims = new Map<string, MarketClaim>();

  constructor(
    private readonly policy: Policy,
    private readonly facts: (state: ClaimState) => World['facts'],
    private readonly seen: (claim: MarketClaim, event: ClaimEvent) => void = () => undefined,
  ) {}

  /** Settles the claim's deadlines up to an instant, then executes a command, if there is one. Returns the codes of a refusal. */
  receive(claimId: string, command: ClaimCommand | null, now: string): string[] {
    const claim = this.claim(claimId);
    this.settleDeadlines(claim, now);
    if (command === null) return [];
    const decision = decide(claim.state, command, this.context(claim, now, `${claim.state.version}`, command));
    if ('refused' in decision) return decision.refused.map(({ code }) => code);
    this.append(claim, decision.events, now);
    return [];
  }

  private claim(claimId: string): MarketClaim {
    const known = this.claims.get(claimId) ?? { claimId, events: [], state: initialState };
    this.claims.set(claimId, known);
    return known;
  }

  private settleDeadlines(claim: MarketClaim, now: string): void {
    for (let clock = expiredClock(claim.state, now); clock !== null; clock = expiredClock(claim.state, now)) {
      this.append(claim, expire(claim.state, clock, this.context(claim, clock.deadline.dueAt, `${claim.state.version}`)), now);
    }
  }

  private append(claim: MarketClaim, events: ClaimEvent[], now: string): void {
    for (const event of events) {
      claim.state = evolve(claim.state, event);
      claim.events.push(event);
      for (const { claimId, command, receivedAt } of consequencesOf(claim.claimId, event)) {
        this.receive(claimId, command, receivedAt);
        this.settleDeadlines(this.claim(claimId), now);
      }
    }
    for (const event of events) this.seen(claim, event);
  }

  private context({ claimId, state }: MarketClaim, at: string, seed: string, command?: ClaimCommand) {
    const details = command?.type === 'draftClaim' ? command.body.details : state.details;
    const account = command?.type === 'draftClaim' ? command.body.partnerAccountId : state.partnerAccountId;
    const targets = details.lines.map((line) => targetOf(details, line));
    let made = 0;
    return {
      ...worldAt({
        at,
        policy: this.policy,
        facts: this.facts({ ...state, details, partnerAccountId: account }) ?? null,
        ...this.relatedClaims(claimId, account, targets),
      }),
      claimId,
      newId: () => `${claimId}-${seed}-${++made}`,
    };
  }

  /** Returns the other claims as the database would show them to a decision. */
  private relatedClaims(claimId: string, account: string, targets: string[]): RelatedClaims {
    const others = [...this.claims.values()].filter((other) => other.claimId !== claimId);
    const lines = [...this.claims.values()].flatMap(({ claimId: id, state }) =>
      state.lines.map((line) => ({ id, state, line, target: targetOf(state.details, line) })),
    );
    const foreign = lines.filter(({ id, target }) => id !== claimId && targets.includes(target));
    const of = ({ id, state, line }: (typeof lines)[number]) => ({
      claimId: id,
      line: line.line,
      partnerAccountId: state.partnerAccountId,
      submittedAt: state.submittedAt ?? '',
      evidence: state.evidence,
    });
    return {
      holders: foreign
        .filter(({ line }) => line.official !== null && line.official.to === null)
        .map((one) => ({
          ...of(one),
          target: one.target,
          activities: one.line.official!.activities,
          associationId: one.line.official!.associationId,
          officialAt: one.line.official!.from,
          hearing: one.line.hearing,
        })),
      own: foreign
        .filter(({ state, line }) => state.partnerAccountId === account && pendingPhases.includes(line.phase))
        .map(({ id, line, target }) => ({ target, claimId: id, activities: line.activities })),
      refusals: lines
        .filter(({ state, target }) => state.partnerAccountId === account && targets.includes(target))
        .flatMap(({ line, target }) => {
          const until = line.coolDownUntil;
          if (line.rejection?.reason === 'customer_declined') return [{ target, at: line.since, until }];
          return line.official?.endReason === 'customer_revoked' ? [{ target, at: line.official.to!, until }] : [];
        }),
      rivals: foreign
        .filter(({ state, line }) => state.partnerAccountId !== account && pendingPhases.includes(line.phase))
        .map((one) => ({ ...of(one), target: one.target, phase: one.line.phase })),
      isBlocked: [...this.claims.values()].some(({ state }) => state.partnerAccountId === account && state.isPartnerBlocked),
      vacantSince: lines
        .filter(({ line, target }) => targets.includes(target) && line.official?.to != null)
        .map(({ line, target }) => ({ target, at: line.official!.to! })),
      choices: others.flatMap(({ state }) =>
        state.choices.flatMap(({ target, chosen }) => (chosen === null ? [] : [{ target, claimId: chosen.claimId, chosenAt: chosen.at }])),
      ),
    };
  }
}

const pendingPhases = ['submitted', 'under_review', 'action_required', 'disputed', 'consent_pending'];
