import { expect } from 'chai';
import { type ClaimEvent, type ClaimState, type EndReason, evolve, initialState, positionOf, targetOf } from '#libs/claims/index.js';

// Use these laws in random tests of markets: what must hold for all claims whatever happened.

/** An association as a period in which one claim held a target. */
export interface Tenure {
  associationId: string;
  claimId: string;
  target: string;
  from: string;
  to: string | null;
  reason: EndReason | null;
}

/** Reads the tenures of a claim from its events alone. */
export const tenuresOf = (claimId: string, { lines }: ClaimState): Tenure[] =>
  lines.flatMap(({ official }) => {
    if (official === null) return [];
    const { associationId, target, from, to, endReason: reason, earlier } = official;
    const moved = earlier.map((one): Tenure => ({ ...one, claimId, target, reason: 'transferred' }));
    return [...moved, { associationId, claimId, target, from, to, reason }].map((one) => ({
      associationId: one.associationId,
      claimId,
      target,
      from: one.from,
      to: one.to,
      reason: one.reason,
    }));
  });

/** A target never has two holders at once, and no gap when one succeeds another. */
export function expectOneHolderAtATime(tenures: Tenure[]): void {
  for (const onTarget of Map.groupBy(tenures, ({ target }) => target).values()) {
    // An empty tenure comes before one that starts at the same instant.
    const inOrder = onTarget.toSorted((a, b) => compare(a.from, b.from) || compare(a.to ?? '~', b.to ?? '~'));
    for (const [index, { to, reason, claimId }] of inOrder.entries()) {
      const after = inOrder[index + 1];
      if (after !== undefined) expect(to !== null && to <= after.from, `${claimId} and ${after.claimId} overlap`).to.equal(true);
      if (reason === 'superseded' || reason === 'transferred') expect(after?.from, `a gap after ${claimId}`).to.equal(to);
    }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const undecided = ['submitted', 'under_review', 'action_required', 'consent_pending', 'disputed'];

/** Every open line waits for a named party, with a deadline or a reason for having none. */
export function expectOpenLinesToWait(state: ClaimState): void {
  const { waiting } = positionOf(state);
  for (const line of state.lines.filter(({ phase }) => undecided.includes(phase))) {
    const wait = waiting.find(({ lines }) => lines.includes(line.line));
    expect(wait, `${line.phase} waits for nobody`).not.to.equal(undefined);
    const isTimed = wait!.until !== null || ['notice_delivery', 'corrected_address', 'hold'].includes(wait!.for);
    expect(isTimed, `${wait!.for} without a deadline`).to.equal(true);
  }
}

/** A holder is displaced only after its hearing and with a decision record; every claim that loses to a rival has a record. */
export function expectHearingsAndRecords(events: readonly ClaimEvent[]): void {
  const hasLost = (lines: number[]) =>
    events.some((one) => one.type === 'RivalsDecided' && lines.includes(one.data.line) && !one.data.isWinner);
  for (const { type, data } of events) {
    if (type === 'LinesRejected' && data.reason === 'lost_arbitration') expect(hasLost(data.lines), 'lost without a record').to.equal(true);
    // A company's own next association for another activity needs no decision between rivals.
    if (type !== 'AssociationEnded' || data.reason !== 'superseded' || data.isContinued) continue;
    expect(hasLost(data.lines), 'displaced without a record').to.equal(true);
    // A later hearing about another claim may still be open.
    const wasHeard = events.some((one) => one.type === 'HearingClosed' && data.lines.some((line) => one.data.lines.includes(line)));
    expect(wasHeard, 'displaced without a hearing').to.equal(true);
  }
}

/**
 * One request to sign is open at a time and ends once; it is signed by the code last sent to its present addressee, while code and request were
 * valid (ADR 34). Returns how many statements were signed.
 */
export function expectSignaturesByTheirCode(events: readonly ClaimEvent[]): number {
  interface Request {
    signatureId: string;
    expiresAt: string;
    code: { codeId: string; validUntil: string } | null;
  }
  let open: Request | null = null;
  let signed = 0;
  const close = (signatureId: string, at: string): Request => {
    const closed = open;
    expect(closed?.signatureId, 'an answer to a request that is not open').to.equal(signatureId);
    expect(at <= closed!.expiresAt, `answered at ${at}, open until ${closed!.expiresAt}`).to.equal(true);
    open = null;
    return closed!;
  };
  let state = initialState;
  for (const event of events) {
    state = evolve(state, event);
    if (event.type === 'SignatureRequested') {
      expect(open, 'two open requests').to.equal(null);
      open = { signatureId: event.data.signatureId, expiresAt: event.data.clocks[0]!.deadline.dueAt, code: null };
    }
    if (event.type === 'SignatureCodeRequested') open = { ...open!, code: event.data };
    if (event.type === 'SignatureForwarded') open = { ...open!, code: null };
    if (event.type === 'StatementSigned') {
      const { code } = close(event.data.signatureId, event.at);
      expect(code?.codeId, 'signed with another code').to.equal(event.data.codeId);
      expect(event.at <= code!.validUntil, `signed at ${event.at} with a code valid until ${code!.validUntil}`).to.equal(true);
      signed++;
    }
    if (event.type === 'SignatureDeclined' || event.type === 'SignatureRequestCanceled') close(event.data.signatureId, event.at);
    if (event.type === 'SignatureExpired') {
      expect(event.at >= open!.expiresAt, 'expired early').to.equal(true);
      open = null;
    }
    // The end of the claim ends the request without a word of its own.
    if (open !== null && !state.clocks.some(({ clock }) => clock === 'K15')) open = null;
  }
  return signed;
}

interface Instance {
  partnerAccountId: string;
  target: string;
  at: string;
}

/** Reads the customer's refusals and the started associations from a claim's events, each start with the earlier notices of its line. */
function refusalsAndBeginnings(events: readonly ClaimEvent[]) {
  const refusals: Instance[] = [];
  const beginnings: (Instance & { notifiedAt: string[] })[] = [];
  let state = initialState;
  for (const event of events) {
    const before = state;
    state = evolve(state, event);
    const { type, at, data } = event;
    const targetsOf = (lines: number[]) =>
      lines.map((line) => targetOf(before.details, before.lines.find((one) => one.line === line)!, before.exclusivityKey));
    const { partnerAccountId } = state;
    if (type === 'CustomerDeclined' || (type === 'AssociationEnded' && data.reason === 'customer_revoked')) {
      refusals.push(...targetsOf(data.lines).map((target) => ({ partnerAccountId, target, at })));
    }
    if (type === 'LinesMadeOfficial' || type === 'AssociationTransferred') {
      for (const { line } of data.lines) {
        const notifiedAt = before.notices.filter((notice) => notice.lines.includes(line)).map(({ requestedAt }) => requestedAt);
        beginnings.push({ partnerAccountId, target: targetsOf([line])[0]!, at, notifiedAt });
      }
    }
  }
  return { refusals, beginnings };
}

/**
 * After a customer's refusal, no association of that company on that target starts unless the customer was notified after the refusal,
 * whichever of the company's claims it belongs to (R29). Returns how many associations started after a refusal.
 */
export function expectRefusalsToBind(claims: { events: readonly ClaimEvent[] }[]): number {
  const all = claims.map(({ events }) => refusalsAndBeginnings(events));
  const refusals = all.flatMap((one) => one.refusals);
  let count = 0;
  for (const begun of all.flatMap(({ beginnings }) => beginnings)) {
    const earlier = refusals
      .filter((one) => one.partnerAccountId === begun.partnerAccountId && one.target === begun.target && one.at < begun.at)
      .map(({ at }) => at);
    for (const refusedAt of earlier) {
      count++;
      expect(
        begun.notifiedAt.some((at) => at > refusedAt),
        `${begun.target} began at ${begun.at}, refused at ${refusedAt}, notified at ${begun.notifiedAt.join()}`,
      ).to.equal(true);
    }
  }
  return count;
}
