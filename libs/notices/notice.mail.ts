import { erasedLabel } from '#libs/retention/index.js';
import { formatDate, formatDay, formatInstant } from './instant.js';
import { heading, type Mail, mailHtml, mailText, type Part, paragraph } from './mail-parts.js';
import { type AnswerPeriod, type NoticeLine, type NoticeView, plain } from './notice-view.js';
import { texts, textVersion } from './texts/index.js';

/** Writes the notice that tells a customer of a claim. Its period's end is taken as the instant expected if it is delivered today. */
export function renderNotice(unsafeView: NoticeView): Mail {
  const view = plain(unsafeView);
  const { claim } = texts[view.language];
  const [period] = view.periods as [AnswerPeriod];
  const title = noticeTitle(view);
  const parts = [
    ...claimParts(view, period),
    ...periodParts(view, period),
    ...answerParts(view, period),
    ...accessParts(view),
    ...backgroundParts(view),
  ];
  return {
    subject: claim.subject(view.claimNumber, title),
    text: mailText(title, parts),
    html: mailHtml(view.language, title, parts),
    textVersion,
  };
}

/** What the claim is about by now: a question, an association, or neither any more. */
export function noticeTitle(view: NoticeView): string {
  const { title } = texts[view.language].claim;
  const { legalName } = view.partner;
  if (view.lines.some(({ state }) => state === 'open')) return isRenewal(view) ? title.renewed(legalName) : title.asked(legalName);
  return view.lines.some(({ state }) => state === 'official') ? title.official(legalName) : title.over(legalName);
}

export function noticeLead(view: NoticeView): string {
  const { lead, leadRenewed } = texts[view.language].claim;
  return (isRenewal(view) ? leadRenewed : lead)(view.partner.legalName, view.partner.partnerId, view.vendor.name);
}

/** Whether everything that is asked follows a renewal of what the customer knows already. */
function isRenewal({ lines }: NoticeView): boolean {
  const open = lines.filter(({ state }) => state === 'open');
  return open.length > 0 && open.every(({ renews }) => renews !== undefined);
}

/** What the partner did for a product, and which one it renews. */
export function lineWork({ activities, renews }: NoticeLine, { language }: NoticeView): string {
  const { claim } = texts[language];
  return renews === undefined ? claim.work(activities) : `${claim.work(activities)}; ${claim.renews(renews)}`;
}

function claimParts(view: NoticeView, period: AnswerPeriod): Part[] {
  const { claim } = texts[view.language];
  const { partner, tenant } = view;
  return [
    paragraph(noticeLead(view)),
    { kind: 'paragraph', text: silence(view, period), isStrong: true },
    heading(claim.heading),
    {
      kind: 'facts',
      facts: [
        [claim.partner, claim.partnerWithId(partner.legalName, partner.partnerId)],
        [claim.customer, tenant.name],
        [claim.tenant, claim.tenantWithId(tenant.domain, tenant.tenantId)],
        [claim.number, view.claimNumber],
      ],
    },
    { kind: 'list', items: view.lines.map((line) => `${line.target}: ${lineWork(line, view)}`) },
  ];
}

/** What becomes of the claim if nobody answers. */
export function silence({ language, partner }: NoticeView, { consent }: AnswerPeriod): string {
  const { claim } = texts[language];
  return consent === 'opt_in' ? claim.onlyWord(partner.legalName) : claim.silence(partner.legalName);
}

function periodParts(view: NoticeView, { consent, closesAt, isBeyondCoverage }: AnswerPeriod): Part[] {
  const { period } = texts[view.language];
  const today = formatDay(view.sentAt, view.zone, view.language);
  const expected = closesAt === null ? [] : [period.expected(today, formatInstant(closesAt, view.zone, view.language))];
  return [
    heading(period.heading[consent]),
    { kind: 'paragraph', text: [period.afterDelivery[consent](view.window), ...expected].join(' '), isStrong: true },
    ...(isBeyondCoverage ? [paragraph(period.beyondCoverage)] : []),
    paragraph(period.firstDelivery),
  ];
}

function answerParts(view: NoticeView, { consent }: AnswerPeriod): Part[] {
  const { refuse, later } = texts[view.language];
  return [
    heading(consent === 'opt_in' ? refuse.headingAnswer : refuse.heading),
    paragraph(consent === 'opt_in' ? refuse.howAnswer : refuse.how),
    { kind: 'link', label: refuse.link, url: view.url },
    paragraph(`${refuse.opening} ${refuse.personal}`),
    heading(later.heading),
    paragraph(later.how(view.vendor.contactEmail)),
  ];
}

function accessParts(view: NoticeView): Part[] {
  const { access } = texts[view.language];
  return [heading(access.heading), { kind: 'list', items: access.seen }, paragraph(access.nothingElse)];
}

function backgroundParts(view: NoticeView): Part[] {
  const { reason, help } = texts[view.language];
  const { vendor } = view;
  return [
    ...evidenceParts(view),
    heading(reason.heading),
    paragraph(reason.text(vendor.name)),
    heading(help.heading),
    { kind: 'link', label: help.explanation, url: vendor.explanationUrl },
    { kind: 'link', label: help.contact(vendor.name), url: `mailto:${vendor.contactEmail}`, shown: vendor.contactEmail },
    paragraph(help.recipient),
  ];
}

function evidenceParts(view: NoticeView): Part[] {
  if (view.evidence.length === 0) return [];
  const { evidence } = texts[view.language];
  return [heading(evidence.heading), paragraph(evidence.intro), { kind: 'list', items: evidenceItems(view) }];
}

/** One text for each document: its name and when the customer signed it. */
export function evidenceItems({ evidence: files, language }: NoticeView): string[] {
  const { evidence } = texts[language];
  return files.map(({ fileName, signedOn }) =>
    signedOn === null
      ? evidence.unsigned(fileName ?? erasedLabel[language])
      : evidence.signed(fileName ?? erasedLabel[language], formatDate(signedOn, language)),
  );
}
