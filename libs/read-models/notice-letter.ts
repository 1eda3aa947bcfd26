import type { DataSource } from 'typeorm';
import { businessDayDeadline, calendarDayDeadline } from '#libs/calendar/index.js';
import {
  type ChoiceState,
  type ClaimState,
  type DirectoryFacts,
  isChoiceOpen,
  type LineState,
  type NoticeState,
} from '#libs/claims/index.js';
import { choiceCandidates, latestChoice } from './choices.js';
import type { ProgrammeLibrary } from '#libs/inbox/index.js';
import type { ChoiceView, LineState as ShownState, NoticeView } from '#libs/notices/index.js';
import type { Policy } from '#libs/programmes/index.js';

/** A notice as one recipient sees it, in the mail and on the page behind the link. */
export interface NoticeLetter {
  kind: 'notice';
  claimId: string;
  noticeId: string;
  recipientId: string;
  state: ClaimState;
  notice: NoticeState;
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
      WHERE d.claim_id = r.claim_id AND jsonb_typeof(facts -> 'tenant') = 'object' ORDER BY d.asked_at DESC LIMIT 1) AS facts,
    (SELECT jsonb_agg(jsonb_build_object('id', e.id, 'file_name', e.file_name, 'signed_on', e.signed_on) ORDER BY e.uploaded_at)
      FROM evidence_files e WHERE e.claim_id = r.claim_id) AS files
  FROM notice_recipients r JOIN claims c USING (claim_id) WHERE ${where}`;

/** Reads the letter of one recipient, be it a notice or a question; `url` is the link it carries. */
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
  const view = await viewOf(row, notice, policy, library, url);
  return { kind: 'notice', claimId: row.claim_id, noticeId: row.notice_id, recipientId: row.recipient_id, state: row.state, notice, view };
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

async function viewOf(row: Row, notice: NoticeState, policy: Policy, library: ProgrammeLibrary, url: string): Promise<NoticeView> {
  const { state, facts } = row;
  const now = row.now.toISOString();
  const calendar = await library.calendarInForce(policy.calendar, now);
  const { days, unit } = policy.clocks.consentWindow;
  const wasAccepted = notice.recipients.some((recipient) => recipient.state === 'accepted');
  // Before its delivery a letter can only name the instant at which the window will close if it is delivered today.
  const expected = unit === 'business_day' ? businessDayDeadline : calendarDayDeadline;
  const closesAt = wasAccepted || unit === 'second' ? notice.closesAt : expected(calendar, now, days).dueAt;
  return {
    language: notice.language,
    claimNumber: row.number,
    partner: { legalName: facts.location?.legalName ?? '', partnerId: state.details.partnerId },
    tenant: tenantOf(row),
    consent: notice.consent,
    isPartnerBlocked: state.isPartnerBlocked,
    lines: state.lines.filter((line) => notice.lines.includes(line.line)).map((line) => shownLine(line, policy, notice.language)),
    closesAt,
    zone: calendar.zone,
    windowBusinessDays: days,
    evidence: (row.files ?? []).map((file) => ({ fileName: file.file_name, signedOn: file.signed_on, url: fileUrl(file, policy, url) })),
    vendor: policy.vendor,
    url,
    sentAt: notice.requestedAt,
  };
}

/** Where the customer reads a file, if the programme shows it more than the name. */
const fileUrl = (file: { id: string; file_name: string | null }, { evidence }: Policy, url: string): string | null =>
  evidence.customerSees === 'full' && file.file_name !== null ? `${url}/evidence/${file.id}` : null;

/** The product's label, followed by the subscription's id where the target is a subscription. */
export function targetLabel(line: Pick<LineState, 'product' | 'subscriptionId'>, policy: Policy, language: 'en' | 'ru'): string {
  const label = policy.products.find((product) => product.code === line.product)?.label[language] ?? line.product;
  return line.subscriptionId === null ? label : `${label} (${line.subscriptionId})`;
}

function shownLine(line: LineState, policy: Policy, language: 'en' | 'ru') {
  const target = targetLabel(line, policy, language);
  return { line: line.line, target, activities: line.activities, state: shownState(line), isAccepted: line.acceptance !== null };
}

function shownState(line: LineState): ShownState {
  if (line.phase === 'official' || line.phase === 'ended' || line.phase === 'canceled') return line.phase;
  if (line.rejection?.reason === 'customer_declined') return 'declined';
  return ['submitted', 'under_review', 'action_required', 'consent_pending'].includes(line.phase) ? 'open' : 'other';
}
