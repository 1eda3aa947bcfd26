import type { DataSource } from 'typeorm';
import { businessDayDeadline, calendarDayDeadline } from '#libs/calendar/index.js';
import {
  type ChoiceState,
  type ClaimState,
  compareInstants,
  type DirectoryFacts,
  isChoiceOpen,
  isWindowBeyondCoverage,
  type LineState,
  noticesTo,
  type NoticeState,
  undecidedPhases,
} from '#libs/claims/index.js';
import { choiceCandidates, latestChoice } from './choices.js';
import type { Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import type { AnswerPeriod, ChoiceView, Language, LineState as ShownState, NoticeLine, NoticeView } from '#libs/notices/index.js';

/**
 * A notice as one recipient sees it. The mail is about its own lines; behind the link stands all that the claim has told this person of, so
 * that the first mail's link leads to a renewal too.
 */
export interface NoticeLetter {
  kind: 'notice';
  claimId: string;
  noticeId: string;
  recipientId: string;
  state: ClaimState;
  /** The notices that it shows, oldest first. */
  notices: NoticeState[];
  view: NoticeView;
}

/** A question which partner the customer wants, as one recipient sees it. */
export interface ChoiceLetter {
  kind: 'choice';
  claimId: string;
  choiceId: string;
  recipientId: string;
  state: ClaimState;
  view: ChoiceView;
}

interface Row {
  claim_id: string;
  number: string;
  notice_id: string;
  recipient_id: string;
  state: ClaimState;
  facts: DirectoryFacts;
  now: Date;
  files: { id: string; file_name: string | null; signed_on: string | null }[] | null;
}

const letterSql = (where: string) => `
  SELECT r.claim_id, c.number, r.notice_id, r.recipient_id, c.state, cpor_now() AS now,
    (SELECT facts FROM directory_answers d
      WHERE d.claim_id = r.claim_id AND jsonb_typeof(facts -> 'tenant') = 'object'
      ORDER BY jsonb_typeof(facts -> 'location') = 'object' DESC, d.asked_at DESC LIMIT 1) AS facts,
    (SELECT jsonb_agg(jsonb_build_object('id', e.id, 'file_name', e.file_name, 'signed_on', e.signed_on) ORDER BY e.uploaded_at)
      FROM evidence_files e WHERE e.claim_id = r.claim_id AND e.superseded_by IS NULL) AS files
  FROM notice_recipients r JOIN claims c USING (claim_id) WHERE ${where}`;

/** Reads the letter of one recipient for its mail, or for the page behind its link, be it a notice or a question; `url` is that link. */
export async function readLetter(
  source: DataSource,
  library: ProgrammeLibrary,
  by: { recipientId: string } | { tokenHash: Buffer },
  url: string,
): Promise<NoticeLetter | ChoiceLetter | null> {
  const [row] =
    'recipientId' in by
      ? await source.query<Row[]>(letterSql('r.recipient_id = $1'), [by.recipientId])
      : await source.query<Row[]>(letterSql('r.token_hash = $1'), [by.tokenHash]);
  if (row === undefined) return null;
  const policy = await library.policy(row.state.policy);
  const choice = row.state.choices.find((one) => one.choiceId === row.notice_id);
  if (choice !== undefined) {
    const asked = await choiceView(source, row, choice, policy, library, url);
    return {
      kind: 'choice',
      claimId: row.claim_id,
      choiceId: choice.choiceId,
      recipientId: row.recipient_id,
      state: row.state,
      view: asked,
    };
  }
  const notice = row.state.notices.find((one) => one.noticeId === row.notice_id);
  if (notice === undefined) return null;
  const person = notice.recipients.find(({ recipientId }) => recipientId === row.recipient_id)!.personId;
  const notices = 'recipientId' in by ? [notice] : noticesTo(row.state, person);
  const view = await viewOf(row, notices, policy, library, url);
  const expected = 'recipientId' in by ? await expectedPeriod(row, notice, view, policy, library) : null;
  return {
    kind: 'notice',
    claimId: row.claim_id,
    noticeId: row.notice_id,
    recipientId: row.recipient_id,
    state: row.state,
    notices,
    view: expected === null ? view : { ...view, periods: [expected] },
  };
}

const tenantOf = ({ state, facts }: Row): NoticeView['tenant'] => {
  const { name, tenantId, domains } = facts.tenant!;
  return { name, tenantId, domain: state.details.domain ?? domains[0] ?? '' };
};

async function choiceView(
  source: DataSource,
  row: Row,
  choice: ChoiceState,
  policy: Policy,
  library: ProgrammeLibrary,
  url: string,
): Promise<ChoiceView> {
  const line = row.state.lines.find((one) => one.line === choice.line)!;
  const { zone } = await library.calendarInForce(policy.calendar, row.now.toISOString());
  return {
    language: choice.language,
    target: targetLabel(line, policy, choice.language),
    tenant: tenantOf(row),
    candidates: await choiceCandidates(source, choice),
    isOpen: isChoiceOpen(row.state, choice),
    chosen: await latestChoice(source, row.claim_id, choice.choiceId),
    zone,
    vendor: policy.vendor,
    url,
  };
}

async function viewOf(row: Row, notices: NoticeState[], policy: Policy, library: ProgrammeLibrary, url: string): Promise<NoticeView> {
  const { state, facts } = row;
  const now = row.now.toISOString();
  const { zone } = await library.calendarInForce(policy.calendar, now);
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
    periods: periodsOf(state, lines, notices),
    zone,
    window: inForce.clocks.consentWindow,
    evidence: (row.files ?? []).map((file) => ({ fileName: file.file_name, signedOn: file.signed_on, url: fileUrl(file, policy, url) })),
    vendor: policy.vendor,
    url,
    sentAt: requestedAt,
  };
}

/** Where the customer reads a file, if the programme shows it more than the name. */
const fileUrl = (file: { id: string; file_name: string | null }, { evidence }: Policy, url: string): string | null =>
  evidence.customerSees === 'full' && file.file_name !== null ? `${url}/evidence/${file.id}` : null;

/** The periods of open lines, each by the notice that told of it last; that of the latest notice when nothing is open. */
function periodsOf(state: ClaimState, lines: LineState[], notices: NoticeState[]): AnswerPeriod[] {
  const open = lines.filter((line) => shownState(line) === 'open');
  const byNotice = Map.groupBy(open, (line) => noticeOf(state, line, notices));
  const periods = [...byNotice].map(([notice, told]) => periodOf(state, notice, told));
  return periods.length === 0 ? [periodOf(state, notices.at(-1)!, [])] : periods.sort(byEnd);
}

/** A period that has not begun has no end yet, and comes last. */
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

/** Before anybody was reached, a mail can only name the instant at which its window will close if it is delivered today. */
async function expectedPeriod(
  { now }: Row,
  notice: NoticeState,
  { lines, window: { days, unit } }: NoticeView,
  policy: Policy,
  library: ProgrammeLibrary,
): Promise<AnswerPeriod> {
  const told = { lines: lines.map(({ line }) => line), closesAt: notice.closesAt, consent: notice.consent };
  if (unit === 'second' || notice.recipients.some(({ state }) => state === 'accepted')) return told;
  const calendar = await library.calendarInForce(policy.calendar, now.toISOString());
  const deadline = unit === 'business_day' ? businessDayDeadline : calendarDayDeadline;
  const { dueAt: closesAt, isBeyondCoverage } = deadline(calendar, now.toISOString(), days);
  return { ...told, closesAt, isBeyondCoverage };
}

/** The product's label, followed by the subscription's id where the target is a subscription. */
export function targetLabel(line: Pick<LineState, 'product' | 'subscriptionId'>, policy: Policy, language: 'en' | 'ru'): string {
  const label = policy.products.find((product) => product.code === line.product)?.label[language] ?? line.product;
  return line.subscriptionId === null ? label : `${label} (${line.subscriptionId})`;
}

function shownLine(state: ClaimState, line: LineState, policy: Policy, language: Language): NoticeLine {
  const renewed = state.lines.find((one) => one.line === line.renews);
  return {
    line: line.line,
    target: targetLabel(line, policy, language),
    activities: line.activities,
    state: shownState(line),
    isAccepted: line.acceptance !== null,
    ...(renewed === undefined ? {} : { renews: targetLabel(renewed, policy, language) }),
  };
}

/** The customer's own word, about this claim or another of the company's. */
const refusals = ['customer_declined', 'customer_refused_target'];

function shownState(line: LineState): ShownState {
  if (line.phase === 'official' || line.phase === 'ended' || line.phase === 'canceled') return line.phase;
  if (refusals.includes(line.rejection?.reason ?? '')) return 'declined';
  // What a rejection has settled is told anew before it can be answered again.
  return line.noticeId !== null && undecidedPhases.includes(line.phase) ? 'open' : 'other';
}
