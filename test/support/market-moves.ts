import fc from 'fast-check';
import {
  type Actor,
  type ClaimCommand,
  type ClaimDetails,
  type ClaimState,
  type EvidenceReference,
  type LineState,
  openSignature,
  rivalPhases,
  settleRivals,
  targetOf,
} from '#libs/claims/index.js';
import { aCommand, aContact, actors } from './claim-builders.js';

/** The kinds of steps in a market. Each is an intention that becomes a command to suit the claim's position. */
export const moves = [
  ...Array.from({ length: 36 }, () => 'proceed' as const),
  'start',
  'ask',
  'reject',
  'optOut',
  'block',
  'accept',
  'withdraw',
  'disassociate',
  'revoke',
  'transfer',
  'check',
  'evidence',
  'sign',
  'sign',
  'sign',
  'edit',
  'choose',
  'dispute',
  'extend',
  'bounce',
  'resend',
  'clear',
  'comment',
  'time',
] as const;
export type Move = (typeof moves)[number];

export interface Step {
  /** Which claim moves: its place among the open claims. */
  claim: number;
  kind: Move;
  /** Time since the previous step. */
  hours: number;
  choice: number;
}

export const step: fc.Arbitrary<Step> = fc.record({
  // Most steps make progress, otherwise hardly any claim would reach its end.
  claim: fc.constantFrom(0, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5),
  kind: fc.constantFrom(...moves),
  hours: fc.constantFrom(0, 0, 0, 1, 7, 26, 60, 170, 190),
  choice: fc.nat(999),
});

const proceeding = (claim: number, ...hours: number[]): Step[] =>
  hours.map((passed) => ({ claim, kind: 'proceed', hours: passed, choice: 10 }));

/** The first claim becomes official before anything else happens, so that there is a holder to challenge. */
export const opening: Step[] = proceeding(0, 0, 0, 0, 0, 0, 230);

/** The second claim challenges the first, wins and is approved. What follows is left to chance. */
export const challenge: Step[] = proceeding(1, 0, 0, 0, 230, 0, 0);

export interface SeenClaim {
  claimId: string;
  state: ClaimState;
}

/** The partner who moves, and what it knows. */
export interface Mover {
  claimId: string;
  partner: Actor;
  /** Locations of the partner's company. */
  locations: string[];
  now: string;
  /** Every claim of the market, including its own. */
  claims: SeenClaim[];
  newId: () => string;
}

const pick = <Item>(items: readonly Item[], choice: number): Item | undefined => items[choice % items.length];
const textId = '7e570000-0000-4000-8000-000000000001';
const day = 86_400_000;

/** Returns the command of a step, or null if there is nothing to do. */
export function moveOf(state: ClaimState, { kind, choice }: Step, mover: Mover): ClaimCommand | null {
  const { partner } = mover;
  const reviewer = pick([actors.reviewer, actors.secondReviewer], choice)!;
  const line = pick(state.lines, choice);
  const lines = line && choice % 3 === 0 ? [line.line] : undefined;
  const notice = pick(state.notices, choice);
  switch (kind) {
    case 'proceed':
      return next(state, choice, mover, reviewer);
    case 'start':
      return aCommand('startReview', { lines }, reviewer);
    case 'ask':
      return aCommand('requestInformation', { lines, reasons: ['dates_missing_or_old'] }, reviewer);
    case 'reject':
      return aCommand('rejectClaim', { lines, reason: 'evidence_insufficient' }, reviewer);
    case 'optOut':
      return aCommand('optOut', { lines, noticeId: choice % 2 === 0 ? null : (notice?.noticeId ?? null) });
    case 'block':
      if (state.isPartnerBlocked) return aCommand('liftBlock', {});
      return choice % 2 === 0 ? aCommand('blockPartner', {}) : aCommand('optOut', { blockPartner: true });
    case 'accept':
      return aCommand('acceptClaim', { isTenantAdmin: choice % 2 === 0 });
    case 'withdraw':
      return state.submission === 0 ? aCommand('discardDraft', {}, partner) : aCommand('withdrawClaim', { lines }, partner);
    case 'disassociate':
      return aCommand('endAssociation', { lines, reason: 'partner_disassociated', textId }, partner);
    case 'revoke':
      return aCommand('endAssociation', { lines, reason: 'vendor_revoked', textId }, reviewer);
    case 'transfer':
      return aCommand('transferAssociation', { partnerId: pick(mover.locations, choice)! }, partner);
    case 'check':
      return aCommand('checkAssociation', {});
    case 'evidence':
      return evidence(state, choice, mover);
    case 'sign':
      return signing(state, choice, mover);
    case 'edit':
      return aCommand('editClaim', { changes: changesOf(state.details, choice, mover) }, partner);
    case 'choose':
      return choose(state, choice, reviewer);
    case 'dispute':
      return state.lines.some(({ phase }) => phase === 'disputed')
        ? aCommand('decideDispute', { outcome: pick(['ask', 'final'] as const, choice)!, reasons: ['dates_missing_or_old'] }, reviewer)
        : aCommand('openDispute', { lines, textId }, partner);
    case 'extend':
      return aCommand('extendDeadline', { clock: pick(['K4', 'K5', 'K9'] as const, choice)! }, reviewer);
    case 'bounce':
      return notice
        ? aCommand('reportBounce', { noticeId: notice.noticeId, recipientId: pick(notice.recipients, choice)!.recipientId })
        : null;
    case 'resend':
      return aCommand('resendNotice', { lines }, reviewer);
    case 'clear':
      return aCommand('clearHold', { lines }, reviewer);
    case 'comment':
      return aCommand('addComment', { textId, visibility: 'shared' }, partner);
    case 'time':
      return null;
  }
}

/** Returns the command that moves the claim on. */
function next(state: ClaimState, choice: number, mover: Mover, reviewer: Actor): ClaimCommand | null {
  const has = (phase: string) => state.lines.find((line) => line.phase === phase);
  if (openSignature(state) !== null && choice % 3 > 0) return signing(state, choice, mover);
  if (state.evidence.length === 0) return choice % 4 === 3 ? signing(state, choice, mover) : evidence(state, choice, mover);
  const delivery = undelivered(state, choice, mover);
  if (delivery !== null) return delivery;
  if (has('draft') || has('action_required')) return aCommand('submitClaim', {}, mover.partner);
  if (has('rejected')?.rejection?.isDisputable) return aCommand('openDispute', { textId }, mover.partner);
  if (state.lines.some(({ holds }) => holds.length > 0)) return aCommand('clearHold', {}, reviewer);
  const open = has('submitted') ?? has('under_review') ?? has('disputed');
  return open === undefined ? null : reviewed(state, open, choice, mover, reviewer);
}

/** Mostly follows the order of decision (domain.md 10), and sometimes violates it. */
function reviewed(state: ClaimState, open: LineState, choice: number, mover: Mover, reviewer: Actor): ClaimCommand {
  const isContested = candidatesOn(state, open, mover).length > 1;
  if (isContested && choice % 4 === 1) return evidence(state, choice, mover);
  if (isContested ? choice % 4 > 1 && !open.rivalry?.isWinner : choice % 16 === 1) {
    return aCommand('decideRivals', { line: open.line, ...settled(state, open, mover) }, reviewer);
  }
  const lines = [open.line];
  const clearedHolds = state.findings.map(({ code }) => code);
  return open.phase === 'disputed'
    ? aCommand('decideDispute', { lines, outcome: 'approve', clearedHolds }, reviewer)
    : aCommand('approveClaim', { lines, clearedHolds }, reviewer);
}

/** Returns the mail server's answer about a pending notice or choice, as of now or some hours ago. */
function undelivered(state: ClaimState, choice: number, { now }: Mover): ClaimCommand | null {
  const written = [
    ...state.notices.map(({ noticeId, recipients, requestedAt }) => ({ noticeId, recipients, requestedAt })),
    ...state.choices.map(({ choiceId, recipients, requestedAt }) => ({ noticeId: choiceId, recipients, requestedAt })),
  ].find(({ recipients }) => recipients.some((one) => one.state === 'pending'));
  if (written === undefined) return null;
  const { noticeId, requestedAt } = written;
  const late = new Date(Date.parse(now) - (choice % 5) * 3_600_000).toISOString();
  const acceptedAt = late < requestedAt ? requestedAt : late;
  const results = written.recipients.map(({ recipientId }, index) =>
    (choice >> index) % 8 === 7
      ? { recipientId, outcome: 'failed' as const, reason: '550 no such mailbox' }
      : { recipientId, outcome: 'accepted' as const, acceptedAt },
  );
  return aCommand('recordNoticeDelivery', { noticeId, results });
}

function evidence(state: ClaimState, choice: number, { newId, now, partner }: Mover): ClaimCommand {
  const supersedes = choice % 3 === 0 ? pick(state.evidence, choice)?.evidenceId : undefined;
  const signedOn = new Date(Date.parse(now) - (1 + (choice % 30)) * day).toISOString().slice(0, 10);
  const added: EvidenceReference = {
    evidenceId: newId(),
    sha256: '0'.repeat(64),
    signedOn,
    cover: null,
    ...(supersedes && { supersedes }),
  };
  return aCommand('addEvidence', { evidence: added }, partner);
}

/** Asks the customer to sign the statement of work, or answers for whoever was asked: mostly towards the signature. */
function signing(state: ClaimState, choice: number, { newId, partner }: Mover): ClaimCommand {
  const open = openSignature(state);
  const person = () => ({ personId: newId(), emailDomain: state.details.domain ?? '' });
  const request = () => {
    const text = { textId: newId(), textSha256: '0'.repeat(64) };
    return aCommand('requestSignature', { signatory: person(), language: 'en', policy: state.policy, ...text }, partner);
  };
  if (open === null) return request();
  const { signatureId, code } = open;
  const signatory: Actor = { ...actors.signatory, subject: `signatory:${open.personId}` };
  const sign = () => {
    const signer = { signerId: newId(), signerSha256: '0'.repeat(64) };
    return aCommand('signStatement', { signatureId, codeId: code?.codeId ?? newId(), ...signer }, signatory);
  };
  const order = () => aCommand('requestSignatureCode', { signatureId }, signatory);
  const answers = [
    () => aCommand('cancelSignatureRequest', { signatureId }, partner),
    () => aCommand('declineSignature', { signatureId }, signatory),
    () => aCommand('forwardSignature', { signatureId, signatory: person() }, signatory),
    request,
    order,
    sign,
  ];
  const unusual = choice % 4 === 0 ? pick(answers, choice >> 2) : undefined;
  return (unusual ?? (code === null ? order : sign))();
}

function choose(state: ClaimState, choice: number, reviewer: Actor): ClaimCommand | null {
  const asked = pick(state.choices, choice);
  const line = pick(state.lines, choice);
  if (asked === undefined) return line ? aCommand('askCustomerToChoose', { line: line.line }, reviewer) : null;
  return aCommand('chooseRival', { choiceId: asked.choiceId, claimId: pick(asked.candidates, choice)!.claimId });
}

function changesOf(details: ClaimDetails, choice: number, { locations, newId }: Mover): Partial<ClaimDetails> {
  const number = Math.max(0, ...details.lines.map(({ line }) => line)) + 1;
  const [first] = details.lines;
  const changes: Partial<ClaimDetails>[] = [
    { name: `Name ${choice}` },
    { contacts: { ...details.contacts, customer: aContact(newId(), details.domain ?? '') } },
    { lines: details.lines.slice(1) },
    first?.subscriptionId === null
      ? { lines: [...details.lines, { ...first, line: number, product: pick(['teams', 'exchange'], choice)! }] }
      : {},
    { partnerId: pick(locations, choice)! },
    { tags: [`tag ${choice % 3}`] },
  ];
  return pick(changes, choice)!;
}

/** Finds every claim for a line's target and its holder, independently of the product. */
function candidatesOn(state: ClaimState, line: LineState, { claimId, claims }: Mover) {
  const target = targetOf(state.details, line, state.exclusivityKey);
  return claims.flatMap((claim) =>
    claim.state.lines
      .filter((one) => targetOf(claim.state.details, one, claim.state.exclusivityKey) === target)
      .filter(() => claim.claimId === claimId || claim.state.partnerAccountId !== state.partnerAccountId)
      .filter(({ phase }) => rivalPhases.includes(phase) || phase === 'official')
      .map((one) => ({
        claimId: claim.claimId,
        line: one.line,
        partnerAccountId: claim.state.partnerAccountId,
        isHolder: one.phase === 'official',
        submittedAt: claim.state.submittedAt!,
        evidenceOn:
          claim.state.evidence
            .map(({ signedOn }) => signedOn!)
            .sort()
            .at(-1) ?? null,
      })),
  );
}

/** Finds the winner by the order of domain.md 10, independently of the product. */
function settled(state: ClaimState, line: LineState, mover: Mover) {
  const target = targetOf(state.details, line, state.exclusivityKey);
  const words = mover.claims.flatMap((claim) => claim.state.choices.filter((one) => one.target === target && one.chosen !== null));
  const latest = words.toSorted((a, b) => (a.chosen!.at < b.chosen!.at ? -1 : 1)).at(-1)?.chosen?.claimId ?? null;
  const candidates = candidatesOn(state, line, mover);
  // A decision without a rival is refused, which must be tested too.
  return candidates.length === 0 ? { winner: mover.claimId, step: 'newest_evidence' as const } : settleRivals(candidates, latest);
}
