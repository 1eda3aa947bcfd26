import type { Principal } from '#libs/auth/index.js';
import { clockRules, type ContactReference, type LineState, statusLabels } from '#libs/claims/index.js';
import { allowedActions } from './allowed-actions.js';
import type { ClaimRow } from './claim-rows.js';
import type { ClaimView } from './claim-view.schema.js';
import { waitingOf } from './waiting.js';

/** A claim as its partner and the vendor see it. Who decided is not part of it: the partner learns reasons, not names. */
export function claimView(row: ClaimRow, principal: Pick<Principal, 'roles'>): ClaimView {
  const { state, position, claimId, number, version, partnerAccountId, isOpen, createdAt, updatedAt } = row;
  const { contacts, revenue, lines: _, ...stated } = state.details;
  return {
    claimId,
    number,
    version,
    phase: position.phase,
    status: statusLabels[position.phase].en,
    ...stated,
    policy: state.policy,
    partnerAccountId,
    lines: state.lines.map(lineView),
    contacts: {
      customer: contact(row, contacts.customer),
      partner: contact(row, contacts.partner),
      technical: contact(row, contacts.technical),
    },
    revenue: (revenue && (row.people[revenue.personId] as ClaimView['revenue'])) ?? null,
    evidence: evidenceViews(row),
    informationRequests: state.requests.map(({ requestId, lines, reasons, askedAt }) => ({ requestId, lines, reasons, askedAt })),
    notices: noticeViews(row),
    deadlines: deadlineViews(row),
    waiting: waitingOf(row),
    findings: state.findings,
    submissions: state.submission,
    isOpen,
    allowedActions: allowedActions(state, principal),
    createdAt,
    updatedAt,
  };
}

/** The content behind a contact's reference; null when there is none, or it was erased. */
function contact({ people }: ClaimRow, reference: ContactReference | null): { name: string; title?: string; email: string } | null {
  const content = reference === null ? null : people[reference.personId];
  return content
    ? { name: content['name'] ?? '', ...(content['title'] === undefined ? {} : { title: content['title'] }), email: content['email'] ?? '' }
    : null;
}

function lineView(line: LineState): ClaimView['lines'][number] {
  const { line: number, product, subscriptionId, activities, phase, since, isApproved, rejection, holds, official } = line;
  return {
    line: number,
    product,
    subscriptionId,
    activities,
    phase,
    status: statusLabels[phase].en,
    since,
    isApproved,
    rejection: rejection && { reason: rejection.reason, isDisputable: rejection.isDisputable },
    holds,
    association: official,
  };
}

export function evidenceViews({ state, files }: ClaimRow): ClaimView['evidence'] {
  return state.evidence.map(({ evidenceId, sha256, signedOn }) => {
    const file = files.find((one) => one.id === evidenceId);
    return {
      evidenceId,
      fileName: file?.fileName ?? null,
      mediaType: file?.mediaType ?? null,
      sizeBytes: file?.sizeBytes ?? null,
      sha256,
      signedOn,
      uploadedAt: file?.uploadedAt ?? null,
      erasedAt: file?.erasedAt ?? null,
    };
  });
}

function noticeViews({ state }: ClaimRow): ClaimView['notices'] {
  return state.notices.map(({ noticeId, lines, language, requestedAt, closesAt, recipients }) => ({
    noticeId,
    lines,
    language,
    requestedAt,
    closesAt,
    recipients: recipients.map(({ recipientId, kind, state: delivery, at }) => ({ recipientId, kind, state: delivery, at })),
  }));
}

function deadlineViews({ state }: ClaimRow): ClaimView['deadlines'] {
  return state.clocks.map(({ clock, lines, startedAt, deadline, isBreached }) => ({
    clock,
    title: clockRules[clock].title,
    lines,
    mover: clockRules[clock].mover,
    startedAt,
    dueAt: deadline.dueAt,
    dueAtLocal: deadline.dueAtLocal,
    zone: deadline.zone,
    calendar: deadline.calendar,
    countedDays: deadline.countedDays,
    isBreached,
  }));
}
