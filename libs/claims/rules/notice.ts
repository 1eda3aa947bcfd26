import { type ClockStart, clockRules } from '../clocks.js';
import type { CommandOf, NoticeDelivery } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event, type NoticeRecipient } from '../events.js';
import { type Finding, refuse } from '../findings.js';
import { compareInstants, isBefore } from '../instants.js';
import { versionReference } from '../policy.js';
import { undecidedPhases } from '../phases.js';
import { type ChoiceState, type ClaimState, type LineState, type NoticeState, windowStarter } from '../state.js';
import { unusableMessage, unusableRecord } from '../validation/directory.js';
import { linesToActOn, numbers } from './phase-guard.js';

/** Requests a notice to the customer: to the claim's contact and always to the tenant's registered admins (R4). */
export function requestNotice(state: ClaimState, lines: LineState[], context: DecisionContext): DecidedEvent {
  const { recipients, language, tenant } = recipientsOf(state, context);
  const { consent, publicSectorConsent } = context.policy;
  return event('NoticeRequested', context.now, {
    noticeId: context.newId(),
    lines: numbers(lines),
    recipients,
    language,
    consent: consent === 'opt_in' || (tenant.isPublicSector && publicSectorConsent === 'opt_in') ? 'opt_in' : 'opt_out',
  });
}

/** Returns the customer's recipients and their language. Refuses with `directory_record_unusable` or `tenant_unknown`. */
export function recipientsOf(state: ClaimState, context: DecisionContext) {
  const tenant = context.facts?.tenant;
  const fault = unusableRecord(context.facts, 'tenant');
  if (fault !== undefined) refuse('directory_record_unusable', unusableMessage(fault), { field: 'tenantId' });
  if (!tenant) refuse('tenant_unknown', 'The directory has no tenant with this ID, so nobody can be notified.', { field: 'tenantId' });
  const contact = state.details.contacts.customer!;
  const toContact: NoticeRecipient = {
    recipientId: context.newId(),
    kind: 'contact',
    personId: contact.personId,
    canStartWindow: tenant.domains.includes(contact.emailDomain),
  };
  const toAdmins = tenant.admins.map(
    (admin): NoticeRecipient => ({ recipientId: context.newId(), kind: 'tenant_admin', personId: admin.personId, canStartWindow: true }),
  );
  return { recipients: [toContact, ...toAdmins], language: tenant.language, tenant };
}

/** Requests a new notice for a customer that no notice has reached, after its addresses were corrected (domain.md 8, rule 4). */
export function resendNotice(state: ClaimState, { body }: CommandOf<'resendNotice'>, context: DecisionContext): DecidedEvent[] {
  const lines = linesToActOn(state, undecidedPhases, body.lines, 'send its notice again').filter((line) => isUnreached(state, line));
  if (lines.length === 0) refuse('notice_not_failed', 'No notice has failed. The customer has been notified, or a notice is on its way.');
  const hold = heldBy(state);
  if (hold !== undefined && !lines.every(({ isApproved }) => isApproved)) {
    refuse('hold_not_cleared', `The claim is on hold: ${hold.message} The customer is notified once a reviewer has cleared the hold.`);
  }
  return [requestNotice(state, lines, context)];
}

/** Whether a notice of the line was sent but reached no recipient who can start the window. */
export const isUnreached = (state: ClaimState, line: LineState): boolean => {
  const notice = state.notices.find(({ noticeId }) => noticeId === line.noticeId);
  const isUnderWay = notice?.recipients.some(({ state: reached }) => reached === 'pending');
  return notice !== undefined && !isUnderWay && windowStarter(notice) === undefined && !line.isWindowPassed;
};

/** Whether the line's notice can be sent again now. */
export const isResendable = (state: ClaimState, line: LineState): boolean =>
  undecidedPhases.includes(line.phase) && isUnreached(state, line) && (line.isApproved || heldBy(state) === undefined);

/** Returns the hold that a reviewer must clear, if there is one. */
const heldBy = ({ findings }: ClaimState): Finding | undefined => findings.find(({ severity }) => severity === 'hold');

/** Whether the mail server has accepted a mail of the notice, which can still bounce. */
export const canBounce = ({ recipients }: NoticeState): boolean => recipients.some(({ state }) => state === 'accepted');

/** Records the delivery of a notice's mails. The first acceptance that counts starts the customer's window, once (domain.md 4.1, 17). */
export function recordNoticeDelivery(
  state: ClaimState,
  { body }: CommandOf<'recordNoticeDelivery'>,
  context: DecisionContext,
): DecidedEvent[] {
  const choice = state.choices.find(({ choiceId }) => choiceId === body.noticeId);
  if (choice !== undefined) return choiceDelivered(choice, body.results, context);
  const notice = noticeOf(state, body.noticeId);
  const starter = windowStarter(notice) === undefined ? firstAcceptance(notice, body.results) : undefined;
  return body.results.flatMap((result): DecidedEvent[] => {
    const recipient = notice.recipients.find((known) => known.recipientId === result.recipientId);
    if (recipient === undefined || recipient.state !== 'pending') return [];
    if (result.outcome === 'failed') return [failed(notice.noticeId, result, context)];
    const clocks = result === starter ? windowClock(state, notice, result.acceptedAt, context) : [];
    return [event('NoticeAccepted', result.acceptedAt, { noticeId: notice.noticeId, recipientId: result.recipientId, clocks })];
  });
}

/** Returns the earliest acceptance that counts, in whatever order deliveries are reported; it sets day 0. */
function firstAcceptance({ recipients }: NoticeState, results: NoticeDelivery[]): NoticeDelivery | undefined {
  const mayStart = new Set(
    recipients.filter((recipient) => recipient.canStartWindow && recipient.state === 'pending').map(({ recipientId }) => recipientId),
  );
  const [first] = results
    .filter((result) => result.outcome === 'accepted')
    .filter(({ recipientId }) => mayStart.has(recipientId))
    .toSorted((a, b) => compareInstants(a.acceptedAt, b.acceptedAt));
  return first;
}

const failed = (noticeId: string, result: NoticeDelivery & { outcome: 'failed' }, context: DecisionContext): DecidedEvent =>
  event('NoticeFailed', context.now, { noticeId, recipientId: result.recipientId, reason: result.reason });

/** Records the delivery of a question to the customer. It starts no clock; the review's clocks keep running. */
function choiceDelivered({ choiceId, recipients }: ChoiceState, results: NoticeDelivery[], context: DecisionContext): DecidedEvent[] {
  const isPending = (result: NoticeDelivery) =>
    recipients.some(({ recipientId, state }) => recipientId === result.recipientId && state === 'pending');
  return results
    .filter(isPending)
    .map((result) =>
      result.outcome === 'failed'
        ? failed(choiceId, result, context)
        : event('NoticeAccepted', result.acceptedAt, { noticeId: choiceId, recipientId: result.recipientId, clocks: [] }),
    );
}

/**
 * Records that an accepted mail bounced. If it had started the window, that window is void (domain.md 17): a new one begins with the next
 * acceptance that counts or, failing that, once the notice is sent again. Any other bounce leaves the window unchanged.
 */
export function reportBounce(state: ClaimState, { body }: CommandOf<'reportBounce'>, context: DecisionContext): DecidedEvent[] {
  const notice = noticeOf(state, body.noticeId);
  const bounced = notice.recipients.find((recipient) => recipient.recipientId === body.recipientId);
  if (bounced === undefined) refuse('recipient_unknown', 'The notice has no such recipient.', { field: 'recipientId' });
  if (bounced.state !== 'accepted') return [];
  const hadStarted = windowStarter(notice)?.recipientId === bounced.recipientId;
  const next = windowStarter({ ...notice, recipients: notice.recipients.filter((recipient) => recipient !== bounced) });
  const restarted = hadStarted && next?.at ? windowClock(state, notice, next.at, context) : [];
  // A window that has also passed by the other acceptance stays passed.
  const clocks = restarted.filter(({ deadline }) => !isBefore(deadline.dueAt, context.now));
  return [event('NoticeBounced', context.now, { noticeId: notice.noticeId, recipientId: bounced.recipientId, clocks })];
}

function windowClock(state: ClaimState, notice: NoticeState, acceptedAt: string, context: DecisionContext): ClockStart[] {
  const lines = state.lines.filter((line) => notice.lines.includes(line.line) && line.noticeId === notice.noticeId);
  const covered = numbers(lines.filter((line) => clockRules.K5.phases.includes(line.phase)));
  const { days, unit } = context.policyInForce.clocks.consentWindow;
  const deadline = context.deadline(acceptedAt, days, unit);
  const policy = versionReference(context.policyInForce);
  return covered.length === 0 ? [] : [{ clock: 'K5', lines: covered, startedAt: acceptedAt, deadline, policy }];
}

/** Refuses with `notice_unknown`. */
export function noticeOf(state: ClaimState, noticeId: string): NoticeState {
  const notice = state.notices.find((candidate) => candidate.noticeId === noticeId);
  if (notice === undefined) refuse('notice_unknown', 'The claim has no such notice.', { field: 'noticeId' });
  return notice;
}
