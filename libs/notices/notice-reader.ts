import type { EntityManager } from 'typeorm';
import { businessDayDeadline, calendarDayDeadline, type CalendarVersion, reminderOf } from '#libs/calendar/index.js';
import {
  type ChoiceState,
  type ClaimState,
  compareInstants,
  type DirectoryFacts,
  isBefore,
  isChoiceOpen,
  isWindowBeyondCoverage,
  type LineState,
  noticesTo,
  type NoticeState,
  undecidedPhases,
} from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';
import type { Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { choiceCandidates, latestChoice } from './choice-reader.js';
import type { ChoiceView } from './choice-view.js';
import { latestFactsSql, targetLabel } from './claim-words.js';
import { explanationUrl, publicUrlOf } from './customer-link.js';
import type { AnswerPeriod, Language, NoticeLine, NoticeView, LineState as ShownState } from './notice-view.js';

interface NoticeOfRecipient {
  claimId: string;
  recipientId: string;
  state: ClaimState;
}

/**
 * A notice that opens a window, as one recipient sees it. Its mail is about its own lines; the page behind its link shows every line that the
 * claim has notified this person of, so that the link in the first mail leads to a renewal too.
 */
export interface ConsentNotice extends NoticeOfRecipient {
  kind: 'consent';
  noticeId: string;
  /** The notices that it shows, oldest first. */
  notices: NoticeState[];
  view: NoticeView;
}

/** A notice that asks which of several partners the customer wants, as one recipient sees it. */
export interface ChoiceNotice extends NoticeOfRecipient {
  kind: 'choice';
  choiceId: string;
  view: ChoiceView;
}

export type CustomerNotice = ConsentNotice | ChoiceNotice;

/** What a notice tells about its claim. */
interface Row {
  claim_id: string;
  number: string;
  state: ClaimState;
  facts: DirectoryFacts;
  now: Date;
  files: { id: string; file_name: string | null; signed_on: string | null; is_readable: boolean }[] | null;
}

const columns = `c.claim_id, c.number, c.state, cpor_now() AS now, ${latestFactsSql('c.claim_id')} AS facts,
    (SELECT jsonb_agg(jsonb_build_object('id', e.id, 'file_name', e.file_name, 'signed_on', e.signed_on,
        'is_readable', e.scan_result IN ('clean', 'unscanned')) ORDER BY e.uploaded_at)
      FROM evidence_files e WHERE e.claim_id = c.claim_id AND e.superseded_by IS NULL) AS files`;

/** One of the people a notice goes to. */
interface Addressee {
  noticeId: string;
  recipientId: string;
}

type RecipientRow = Row & Addressee;

const noticeSql = (where: string) => `
  SELECT r.notice_id AS "noticeId", r.recipient_id AS "recipientId", ${columns}
  FROM notice_recipients r JOIN claims c USING (claim_id) WHERE ${where}`;
const noticeOfRecipientSql = prepared(noticeSql('r.recipient_id = $1'));
const noticeOfTokenSql = prepared(noticeSql('r.token_hash = $1'));

/** A recipient of a notice that is being sent, and what a mail server has answered so far. */
export interface NoticeRecipient {
  recipientId: string;
  /** Null once the address was erased. */
  email: string | null;
  outcome: 'accepted' | 'failed' | null;
  /** When the mail server answered, RFC 3339; null while it has not. */
  settledAt: string | null;
  response: string | null;
  /** Whether a person must release it before it is sent. */
  isHeld: boolean;
}

/** A notice that is being sent, as its claim was when it was read. */
export interface OutgoingNotice {
  /** By their IDs. */
  recipients: NoticeRecipient[];
  state: ClaimState;
  /** Returns what one recipient is told; null for anybody else. `url` is the recipient's link. */
  to(recipientId: string, url: string): Promise<CustomerNotice | null>;
}

const outgoingSql = prepared(`
  SELECT ${columns},
    (SELECT jsonb_agg(jsonb_build_object('recipientId', r.recipient_id, 'email', p.content ->> 'email', 'outcome', r.outcome,
        'settledAt', r.settled_at, 'response', r.response, 'isHeld', coalesce(r.trouble = 'held', false)) ORDER BY r.recipient_id)
      FROM notice_recipients r LEFT JOIN personal_data p USING (person_id) WHERE r.notice_id = $2 AND r.claim_id = $1) AS recipients
  FROM claims c WHERE c.claim_id = $1`);

/** Reads a notice for all its recipients by one statement. Throws when the claim has no such notice. */
export async function readOutgoingNotice(
  source: Pick<EntityManager, 'query'>,
  library: ProgrammeLibrary,
  { claimId, noticeId }: { claimId: string; noticeId: string },
): Promise<OutgoingNotice> {
  const [row] = await source.query<(Row & { recipients: NoticeRecipient[] | null })[]>(outgoingSql, [claimId, noticeId]);
  if (row?.recipients == null) throw new Error(`Notice ${noticeId} has no recipients.`);
  return {
    recipients: row.recipients,
    state: row.state,
    to: (recipientId, url) => noticeTo(source, library, row, { noticeId, recipientId }, { isForMail: true, url }),
  };
}

/**
 * Reads the notice of one recipient: for its mail by the recipient's ID, for the page behind its link by the hash of the link's token.
 * Returns null when no notice has that recipient or that link. `url` is the link itself.
 */
export async function readNotice(
  source: Pick<EntityManager, 'query'>,
  library: ProgrammeLibrary,
  by: { recipientId: string } | { tokenHash: Buffer },
  url: string,
): Promise<CustomerNotice | null> {
  const isForMail = 'recipientId' in by;
  const [row] = isForMail
    ? await source.query<RecipientRow[]>(noticeOfRecipientSql, [by.recipientId])
    : await source.query<RecipientRow[]>(noticeOfTokenSql, [by.tokenHash]);
  return row === undefined ? null : noticeTo(source, library, row, row, { isForMail, url });
}

async function noticeTo(
  source: Pick<EntityManager, 'query'>,
  library: ProgrammeLibrary,
  row: Row,
  { noticeId, recipientId }: Addressee,
  { isForMail, url }: { isForMail: boolean; url: string },
): Promise<CustomerNotice | null> {
  const { claim_id: claimId, state } = row;
  const policy = await library.policy(state.policy);
  const choice = state.choices.find(({ choiceId }) => choiceId === noticeId);
  if (choice !== undefined) {
    const view = await choiceView(source, row, choice, policy, library, url);
    return { kind: 'choice', claimId, recipientId, choiceId: noticeId, state, view };
  }
  const notice = state.notices.find((candidate) => candidate.noticeId === noticeId);
  const person = notice?.recipients.find((recipient) => recipient.recipientId === recipientId)?.personId;
  if (notice === undefined || person === undefined) return null;
  const notices = isForMail ? [notice] : noticesTo(state, person);
  const view = await noticeView(row, notices, policy, library, url);
  const periods = isForMail ? [await expectedPeriod(row, notice, view, policy, library)] : view.periods;
  return { kind: 'consent', claimId, recipientId, noticeId, state, notices, view: { ...view, periods } };
}

const tenantOf = ({ state, facts }: Row): NoticeView['tenant'] => {
  const { name, tenantId, domains } = facts.tenant!;
  return { name, tenantId, domain: state.details.domain ?? domains[0] ?? '' };
};

async function choiceView(
  source: Pick<EntityManager, 'query'>,
  row: Row,
  choice: ChoiceState,
  policy: Policy,
  library: ProgrammeLibrary,
  url: string,
): Promise<ChoiceView> {
  const line = row.state.lines.find((candidate) => candidate.line === choice.line)!;
  const { zone } = await library.calendarInForce(policy.calendar, row.now.toISOString());
  return {
    language: choice.language,
    target: targetLabel(line, policy, choice.language),
    tenant: tenantOf(row),
    candidates: await choiceCandidates(source, choice),
    isOpen: isChoiceOpen(row.state, choice),
    chosen: await latestChoice(source, row.claim_id, choice.choiceId),
    zone,
    ...vendorOf(policy, url),
    url,
  };
}

async function noticeView(row: Row, notices: NoticeState[], policy: Policy, library: ProgrammeLibrary, url: string): Promise<NoticeView> {
  const { state, facts } = row;
  const now = row.now.toISOString();
  const calendar = await library.calendarInForce(policy.calendar, now);
  const { zone } = calendar;
  const inForce = (await library.policyInForce(policy.name, now)) ?? policy;
  const { language, requestedAt } = notices.at(-1)!;
  const lines = state.lines.filter(({ line }) => notices.some((notice) => notice.lines.includes(line)));
  return {
    language,
    claimNumber: row.number,
    partner: { legalName: facts.location?.legalName ?? '', partnerId: state.details.partnerId },
    tenant: tenantOf(row),
    isPartnerBlocked: state.isPartnerBlocked,
    lines: lines.map((line) => shownLine(state, line, policy, language)),
    periods: periodsOf(state, lines, notices).map((period) => ({ ...period, ...timing(period, calendar, now) })),
    zone,
    window: inForce.clocks.consentWindow,
    evidence: (row.files ?? []).map((file) => ({ fileName: file.file_name, signedOn: file.signed_on, url: fileUrl(file, policy, url) })),
    ...vendorOf(policy, url),
    url,
    isReplaced: lines.some((line) => shownState(line) === 'open' && notices.every(({ noticeId }) => noticeId !== line.noticeId)),
    sentAt: requestedAt,
  };
}

/** The vendor, and the page that explains the programme where the vendor has none of its own. */
function vendorOf({ name, vendor }: Policy, url: string): Pick<NoticeView, 'vendor' | 'explanationPage'> {
  const explanationPage = explanationUrl(publicUrlOf(url), name);
  return { vendor: { ...vendor, explanationUrl: vendor.explanationUrl ?? explanationPage }, explanationPage };
}

/** The address of a file's content, where the programme shows the customer more than its name. */
const fileUrl = (file: NonNullable<Row['files']>[number], { evidence }: Policy, url: string): string | null =>
  evidence.customerSees === 'full' && file.file_name !== null && file.is_readable ? `${url}/evidence/${file.id}` : null;

/** The periods of the open lines, one for each notice that last covered them; the period of the latest notice when no line is open. */
function periodsOf(state: ClaimState, lines: LineState[], notices: NoticeState[]): AnswerPeriod[] {
  const open = lines.filter((line) => shownState(line) === 'open');
  const byNotice = Map.groupBy(open, (line) => noticeOf(state, line, notices));
  const periods = [...byNotice].map(([notice, covered]) => periodOf(state, notice, covered));
  return periods.length === 0 ? [periodOf(state, notices.at(-1)!, [])] : periods.sort(byEnd);
}

/** Sorts by end. A period that has not begun has no end yet and comes last. */
function byEnd({ closesAt: a }: AnswerPeriod, { closesAt: b }: AnswerPeriod): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareInstants(a, b);
}

const noticeOf = (state: ClaimState, { line, noticeId }: LineState, notices: NoticeState[]): NoticeState =>
  state.notices.find((notice) => notice.noticeId === noticeId) ?? notices.findLast((notice) => notice.lines.includes(line))!;

const periodOf = (state: ClaimState, notice: NoticeState, lines: LineState[]): AnswerPeriod => ({
  lines: lines.map(({ line }) => line),
  closesAt: notice.closesAt,
  isBeyondCoverage: isWindowBeyondCoverage(state, notice),
  consent: notice.consent,
});

/** Whether a period is over at an instant, and when to remind of its end. */
function timing({ closesAt }: AnswerPeriod, calendar: CalendarVersion, now: string): Pick<AnswerPeriod, 'isOver' | 'remindAt'> {
  if (closesAt === null) return {};
  const remindAt = reminderOf(calendar, closesAt);
  return { isOver: isBefore(closesAt, now), remindAt: isBefore(now, remindAt) ? remindAt : null };
}

/** Before the first delivery a mail can only name the instant at which its window closes if it is delivered today. */
async function expectedPeriod(
  { now }: Row,
  notice: NoticeState,
  { lines, window: { days, unit } }: NoticeView,
  policy: Policy,
  library: ProgrammeLibrary,
): Promise<AnswerPeriod> {
  const recorded = { lines: lines.map(({ line }) => line), closesAt: notice.closesAt, consent: notice.consent };
  if (unit === 'second' || notice.recipients.some(({ state }) => state === 'accepted')) return recorded;
  const calendar = await library.calendarInForce(policy.calendar, now.toISOString());
  const deadline = unit === 'business_day' ? businessDayDeadline : calendarDayDeadline;
  const { dueAt: closesAt, isBeyondCoverage } = deadline(calendar, now.toISOString(), days);
  return { ...recorded, closesAt, isBeyondCoverage };
}

function shownLine(state: ClaimState, line: LineState, policy: Policy, language: Language): NoticeLine {
  const renewed = state.lines.find((candidate) => candidate.line === line.renews);
  return {
    line: line.line,
    target: targetLabel(line, policy, language),
    activities: line.activities,
    state: shownState(line),
    isAccepted: line.acceptance !== null,
    ...(renewed === undefined ? {} : { renews: targetLabel(renewed, policy, language) }),
  };
}

/** Rejections by the customer itself, in this claim or in another of the same company. */
const refusals = ['customer_declined', 'customer_refused_target'];

function shownState(line: LineState): ShownState {
  if (line.phase === 'official' || line.phase === 'ended' || line.phase === 'canceled') return line.phase;
  if (refusals.includes(line.rejection?.reason ?? '')) return 'declined';
  // A line that a rejection has settled takes an answer again only after a new notice.
  return line.noticeId !== null && undecidedPhases.includes(line.phase) ? 'open' : 'other';
}
