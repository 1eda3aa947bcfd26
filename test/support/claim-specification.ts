import { expect } from 'chai';
import {
  type ClaimCommand,
  type ClaimEvent,
  type ClaimState,
  decide,
  type DecisionContext,
  type DirectoryFacts,
  evolve,
  expire,
  expiredClock,
  type Finding,
  fold,
  noRelatedClaims,
  type RelatedClaims,
} from '#libs/claims/index.js';
import { decisionContext } from '#libs/inbox/index.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import { calendar, someFacts, times } from './claim-builders.js';

/** What a decision reads besides the claim. Default: the sample claim's facts and policy, and no related claims. */
export interface World extends Partial<RelatedClaims> {
  at?: string;
  facts?: DirectoryFacts | null;
  policy?: Policy;
}

/** The context of a command, with the real calendar. New identifiers are `id-1`, `id-2` … */
export function worldAt({ at = times.later, facts = someFacts(), policy = samplePolicy, ...related }: World): DecisionContext {
  let made = 0;
  const relatedClaims = { ...noRelatedClaims, ...related };
  const decided = { claimId: 'claim-1', now: at, policy, policyInForce: policy, calendar, facts, relatedClaims, seed: '' };
  return { ...decisionContext(decided), newId: () => `id-${++made}` };
}

/** Use it to specify rules: given events, when a command arrives or time passes, then exactly these events, nothing, or a refusal. */
export const given = (...history: ClaimEvent[]) => ({
  state: fold(history),
  when: (command: ClaimCommand, world: World = {}) => outcomeOf(decide(fold(history), command, worldAt(world))),
  /** Settles every deadline before the instant. */
  whenTimePasses: (until: string, world: World = {}) => outcomeOf({ events: expireUntil(fold(history), until, world) }),
});

export function expireUntil(from: ClaimState, until: string, world: World = {}): ClaimEvent[] {
  const events: ClaimEvent[] = [];
  for (let fired = 0; fired < 100; fired++) {
    const state = fold(events, from);
    const clock = expiredClock(state, until);
    if (clock === null) return events;
    events.push(...expire(state, clock, worldAt({ ...world, at: clock.deadline.dueAt })));
  }
  throw new Error('The deadlines never end.');
}

function outcomeOf(decision: ReturnType<typeof decide>) {
  const events = 'events' in decision ? decision.events : null;
  const findings = 'refused' in decision ? decision.refused : null;
  return {
    /** Exactly these events, in this order. */
    then: (...expected: ClaimEvent[]) => expect(findings ?? events).to.deep.equal(expected),
    thenNothing: () => expect(findings ?? events).to.deep.equal([]),
    /** Refused with exactly these codes, in this order. */
    thenRefused: (...codes: string[]) => expect(findings?.map(({ code }) => code) ?? events).to.deep.equal(codes),
    /** Refused with exactly these findings, whatever their texts. */
    thenFindings: (...expected: Omit<Finding, 'message'>[]) =>
      expect(findings?.map(({ message: _message, ...finding }) => finding) ?? events).to.deep.equal(expected),
    events: events ?? [],
    findings: findings ?? [],
  };
}

/** Returns the state after a decision. @throws an Error if it was refused. */
export const after = (history: ClaimEvent[], command: ClaimCommand, world: World = {}): ClaimState => {
  const { events, findings } = given(...history).when(command, world);
  if (findings.length > 0) throw new Error(`Refused: ${findings.map(({ code }) => code).join(', ')}`);
  return events.reduce(evolve, fold(history));
};
