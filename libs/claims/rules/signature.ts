import type { ClockStart } from '../clocks.js';
import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import type { CoverForm } from '../details.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import { instantLater, isBefore } from '../instants.js';
import { versionReference } from '../policy.js';
import { type ClaimState, openSignature, phaseOf, type SignatureState } from '../state.js';
import { takesEvidence } from './draft.js';

/** How long a code can be used: long enough for a slow mail server, too short to be found later. */
export const codeLifeMs = 15 * 60_000;
/** The least time between two codes, so that a link cannot be used to flood its addressee. */
export const codePauseMs = 60_000;
/** How many codes one request may order: with five tries each, a guess succeeds once in ten thousand requests. */
export const maximumCodes = 20;

/** Asks the customer's signatory to sign the programme's statement of work; the clock ends the request (K15). */
export function requestSignature(state: ClaimState, { body }: CommandOf<'requestSignature'>, context: DecisionContext): DecidedEvent[] {
  const { policy, policyInForce, facts } = context;
  if (!state.lines.some(takesEvidence)) {
    refuse('not_editable_in_state', `The claim is ${phaseOf(state)} and accepts no more evidence.`);
  }
  const { signing, texts } = policy.statementOfWork ?? {};
  if (signing === undefined || texts?.[body.language] === undefined) {
    refuse('statement_template_missing', `The programme has no statement of work in this language (${body.language}).`, {
      field: 'language',
    });
  }
  const open = openSignature(state);
  if (open !== null) refuse('signature_open', `The request ${open.signatureId} is still open. Wait for its answer, or cancel it.`);
  if (facts?.tenant == null) refuse('service_unavailable', 'The customer directory has not answered. Try again later.');
  if (!facts.tenant.domains.includes(body.signatory.emailDomain)) {
    refuse('signatory_domain_mismatch', "The signatory's mail domain is not a verified domain of the customer's tenant.", {
      field: 'signatory.email',
    });
  }
  // The text was made from what the sender read; a version published since would have made another.
  if (body.policy !== versionReference(policy)) refuse('version_conflict', 'The programme has changed. Read the claim and ask again.');
  const { days, unit } = (policyInForce.statementOfWork ?? policy.statementOfWork)!.signing;
  const deadline = context.deadline(context.now, days, unit);
  const clock: ClockStart = { clock: 'K15', lines: [], startedAt: context.now, deadline, policy: versionReference(policyInForce) };
  const { signatory, language, textId, textSha256 } = body;
  return [
    event('SignatureRequested', context.now, {
      signatureId: context.newId(),
      ...signatory,
      language,
      policy: body.policy,
      textId,
      textSha256,
      cover: coverOf(state),
      clocks: [clock],
    }),
  ];
}

/** What the statement says of the claim, so that a claim changed later is compared with what was signed. */
function coverOf({ details }: ClaimState): CoverForm {
  const distinct = (values: string[]) => [...new Set(values)].sort();
  return {
    tenantId: details.tenantId,
    domain: details.domain,
    products: distinct(details.lines.map(({ product }) => product)),
    activities: distinct(details.lines.flatMap(({ activities }) => activities)),
  };
}

export function cancelSignatureRequest(
  state: ClaimState,
  { body }: CommandOf<'cancelSignatureRequest'>,
  context: DecisionContext,
): DecidedEvent[] {
  const { signatureId } = openRequest(state, body.signatureId);
  return [event('SignatureRequestCanceled', context.now, { signatureId })];
}

/** Orders a code, which is mailed to the addressee; it replaces the one before. */
export function requestSignatureCode(
  state: ClaimState,
  { body }: CommandOf<'requestSignatureCode'>,
  context: DecisionContext,
): DecidedEvent[] {
  const { signatureId, code, codes } = openRequest(state, body.signatureId);
  if (code !== null && isBefore(context.now, instantLater(code.requestedAt, codePauseMs))) {
    refuse('signature_code_too_soon', 'A code was sent less than a minute ago. Wait for it, or try again in a minute.');
  }
  if (codes >= maximumCodes)
    refuse('signature_codes_used_up', `${maximumCodes} codes were sent for this request. Ask the partner for a new one.`);
  const validUntil = instantLater(context.now, codeLifeMs);
  return [event('SignatureCodeRequested', context.now, { signatureId, codeId: context.newId(), validUntil })];
}

/** Records the signature of whoever has both the link and the code. What arrives at the deadline itself is in time. */
export function signStatement(state: ClaimState, { body }: CommandOf<'signStatement'>, context: DecisionContext): DecidedEvent[] {
  const { signatureId, textSha256, language, policy, code } = openRequest(state, body.signatureId);
  if (code === null || code.codeId !== body.codeId || isBefore(code.validUntil, context.now)) {
    refuse('signature_code_expired', 'The code has expired or was replaced by a newer one. Ask for a new code.', { field: 'code' });
  }
  const { codeId, signerId, signerSha256 } = body;
  const signedOn = context.localDate(context.now);
  const by = { identifiedBy: 'link_and_code' as const, codeId, signerId, signerSha256 };
  return [event('StatementSigned', context.now, { signatureId, textSha256, language, policy, signedOn, ...by })];
}

export function declineSignature(state: ClaimState, { body }: CommandOf<'declineSignature'>, context: DecisionContext): DecidedEvent[] {
  const { signatureId } = openRequest(state, body.signatureId);
  return [event('SignatureDeclined', context.now, { signatureId, textId: body.textId ?? null })];
}

/** Passes the request on. Only a colleague can take it: the partner chose a person of the customer, and the customer may correct the choice. */
export function forwardSignature(state: ClaimState, { body }: CommandOf<'forwardSignature'>, context: DecisionContext): DecidedEvent[] {
  const { signatureId, personId: fromPersonId, emailDomain } = openRequest(state, body.signatureId);
  if (body.signatory.emailDomain !== emailDomain) {
    refuse('signatory_domain_mismatch', 'Name a colleague whose address has the same mail domain as yours.', { field: 'signatory.email' });
  }
  return [event('SignatureForwarded', context.now, { signatureId, fromPersonId, ...body.signatory })];
}

function openRequest(state: ClaimState, signatureId: string): SignatureState {
  const open = openSignature(state);
  if (open?.signatureId === signatureId) return open;
  const known = state.signatures?.find((signature) => signature.signatureId === signatureId);
  if (known === undefined) refuse('signature_unknown', `The claim has no signature request ${signatureId}.`);
  return refuse('signature_closed', `This request is closed: ${known.outcome ?? `the claim is ${phaseOf(state)}`}.`);
}
