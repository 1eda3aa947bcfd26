import { allowedActions, type Reader, roleSides } from '#libs/auth/index.js';
import {
  clockRules,
  publicClockNames,
  type ContactReference,
  type CoverForm,
  earliestOf,
  isWindowBeyondCoverage,
  type LineState,
  type OfficialState,
  reviewerOf,
  statusLabel,
} from '#libs/claims/index.js';
import type { ClaimRow } from './find-claim.js';
import { type ClaimView, findingView } from './claim-view.schema.js';
import { waitingOf } from './waiting.js';

/** Returns a claim as its partner and the vendor see it. It leaves out who decided: partners learn reasons, not names. */
export function claimView(row: ClaimRow, principal: Reader): ClaimView {
  const { state, position, claimId, number, version, partnerAccountId, isOpen, createdAt, updatedAt } = row;
  return {
    claimId,
    number,
    version,
    phase: position.phase,
    status: statusLabel(position.phase, windowEnd(state.lines, row)).en,
    ...statedView(row),
    partnerAccountId,
    customerName: row.customerName,
    lines: state.lines.map((line) => lineView(line, row)),
    informationRequests: state.requests.map(({ requestId, lines, reasons, askedAt }) => ({ requestId, lines, reasons, askedAt })),
    notices: noticeViews(row),
    deadlines: deadlineViews(row),
    waiting: waitingOf(row),
    findings: state.findings.map(findingView),
    submissions: state.submission,
    isOpen,
    reviewer: principal.roles.some((role) => roleSides[role] === 'vendor') ? reviewerOf(state) : null,
    allowedActions: allowedActions(state, principal, row.competing),
    createdAt,
    updatedAt,
  };
}

/** Returns what the partner stated, with references to people and files resolved. */
export function statedView(row: ClaimRow) {
  const { state } = row;
  const { contacts, revenue, lines, ...stated } = state.details;
  return {
    ...stated,
    policy: state.policy,
    lines: lines.map(({ line, product, subscriptionId, activities }) => ({ line, product, subscriptionId, activities })),
    contacts: {
      customer: contact(row, contacts.customer),
      partner: contact(row, contacts.partner),
      technical: contact(row, contacts.technical),
    },
    revenue: (revenue && (row.people[revenue.personId] as ClaimView['revenue'])) ?? null,
    evidence: evidenceViews(row),
  };
}

/** Resolves a reference to a contact. Returns null when there is none or it was erased. */
function contact({ people }: ClaimRow, reference: ContactReference | null): { name: string; title?: string; email: string } | null {
  const content = reference === null ? null : people[reference.personId];
  return content
    ? { name: content['name'] ?? '', ...(content['title'] === undefined ? {} : { title: content['title'] }), email: content['email'] ?? '' }
    : null;
}

/** The earliest end of the customer's windows for these lines; null when no window is running. */
function windowEnd(lines: LineState[], { state }: ClaimRow): string | null {
  const asked = lines.filter(({ phase }) => phase === 'consent_pending').map(({ line }) => line);
  const windows = state.clocks.filter((running) => running.clock === 'K5' && running.lines.some((line) => asked.includes(line)));
  return earliestOf(windows.map(({ deadline }) => deadline.dueAt)) ?? null;
}

function lineView(line: LineState, row: ClaimRow): ClaimView['lines'][number] {
  const { line: number, product, subscriptionId, activities, phase, since, isApproved, rejection, holds, official } = line;
  return {
    line: number,
    product,
    subscriptionId,
    activities,
    phase,
    status: statusLabel(phase, windowEnd([line], row)).en,
    since,
    isApproved,
    rejection: rejection && { reason: rejection.reason, isDisputable: rejection.isDisputable },
    holds: holds.map(findingView),
    association: official && associationView(official),
    competition: competitionView(line, row.competing),
  };
}

/** The line's own side of a competition. It never reveals who else competes, or with what. */
function competitionView({ line, phase, hearing, rivalry }: LineState, competing: number[]): ClaimView['lines'][number]['competition'] {
  const isCompeting = competing.includes(line);
  if (!isCompeting && hearing === null && rivalry === null) return null;
  return {
    isCompeting,
    hearing: hearing !== null && phase === 'official' ? { dueAt: hearing.dueAt, isOver: hearing.isOver } : null,
    decision: rivalry && {
      step: rivalry.step,
      isWinner: rivalry.isWinner,
      decidedAt: rivalry.decidedAt ?? null,
      evidenceOn: rivalry.evidenceOn ?? null,
    },
  };
}

function associationView(official: OfficialState): NonNullable<ClaimView['lines'][number]['association']> {
  const { expiryNotices: _, ...shown } = official;
  return shown;
}

export function evidenceViews({ state, files }: ClaimRow): ClaimView['evidence'] {
  const superseded = state.supersededEvidence ?? [];
  return [...superseded, ...state.evidence].map(({ evidenceId, sha256, signedOn, cover, supersedes, isSignedHere }) => {
    const file = files.find(({ id }) => id === evidenceId);
    return {
      evidenceId,
      fileName: file?.fileName ?? null,
      mediaType: file?.mediaType ?? null,
      sizeBytes: file?.sizeBytes ?? null,
      sha256,
      signedOn,
      isSignedHere: isSignedHere === true,
      scan: file?.scan ?? null,
      uploadedAt: file?.uploadedAt ?? null,
      erasedAt: file?.erasedAt ?? null,
      cover: coverView(cover),
      supersedes: supersedes ?? null,
      supersededBy: superseded.find((old) => old.evidenceId === evidenceId)?.supersededBy ?? null,
    };
  });
}

const coverView = (cover: CoverForm | null): ClaimView['evidence'][number]['cover'] =>
  cover && {
    tenantId: cover.tenantId,
    domain: cover.domain,
    templateSha256: cover.templateSha256 ?? null,
    products: cover.products ?? [],
    activities: cover.activities ?? [],
  };

function noticeViews({ state }: ClaimRow): ClaimView['notices'] {
  return state.notices.map(({ noticeId, lines, language, requestedAt, closesAt, recipients }) => ({
    noticeId,
    lines,
    language,
    requestedAt,
    closesAt,
    isBeyondCoverage: isWindowBeyondCoverage(state, { closesAt, lines }),
    recipients: recipients.map(({ recipientId, kind, state: delivery, at }) => ({ recipientId, kind, state: delivery, at })),
  }));
}

/** Returns the running clocks of a claim, in the order of its state. */
export function deadlineViews({ state }: Pick<ClaimRow, 'state'>): ClaimView['deadlines'] {
  return state.clocks.map(({ clock, lines, startedAt, deadline, isBreached }) => ({
    clock: publicClockNames[clock],
    title: clockRules[clock].title,
    lines,
    mover: clockRules[clock].mover,
    startedAt,
    dueAt: deadline.dueAt,
    dueAtLocal: deadline.dueAtLocal,
    zone: deadline.zone,
    calendar: deadline.calendar,
    zoneData: deadline.zoneData,
    countedDays: deadline.countedDays,
    isBeyondCoverage: deadline.isBeyondCoverage,
    isBreached,
  }));
}
