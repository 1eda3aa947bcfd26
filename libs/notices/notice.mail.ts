import { erasedLabel } from '#libs/retention/index.js';
import { formatDate, formatDay, formatInstant } from './instant.js';
import { heading, type Letter, letterHtml, letterText, type Part, paragraph } from './letter.js';
import { type NoticeView, plain } from './notice-view.js';
import { texts, textVersion } from './texts/index.js';

/** Writes the notice that tells a customer of a claim. `closesAt` is taken as the instant expected if the message is delivered today. */
export function renderNotice(unsafeView: NoticeView): Letter {
  const view = plain(unsafeView);
  const { claim } = texts[view.language];
  const title = claim.title(view.partner.legalName);
  const parts = [...claimParts(view), ...periodParts(view), ...answerParts(view), ...accessParts(view), ...backgroundParts(view)];
  return {
    subject: claim.subject(view.claimNumber, view.partner.legalName),
    text: letterText(title, parts),
    html: letterHtml(view.language, title, parts),
    textVersion,
  };
}

function claimParts(view: NoticeView): Part[] {
  const { claim } = texts[view.language];
  const { partner, tenant } = view;
  return [
    paragraph(claim.lead(partner.legalName, partner.partnerId, view.vendor.name)),
    { kind: 'paragraph', text: silence(view), isStrong: true },
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
    { kind: 'list', items: view.lines.map((line) => `${line.target}: ${claim.work(line.activities)}`) },
  ];
}

/** What becomes of the claim if nobody answers. */
export function silence({ language, consent, partner }: NoticeView): string {
  const { claim } = texts[language];
  return consent === 'opt_in' ? claim.onlyWord(partner.legalName) : claim.silence(partner.legalName);
}

function periodParts(view: NoticeView): Part[] {
  const { period } = texts[view.language];
  const today = formatDay(view.sentAt, view.zone, view.language);
  const expected = view.closesAt === null ? [] : [period.expected(today, formatInstant(view.closesAt, view.zone, view.language))];
  return [
    heading(period.heading),
    { kind: 'paragraph', text: [period.afterDelivery(view.windowBusinessDays), ...expected].join(' '), isStrong: true },
    paragraph(period.firstDelivery),
  ];
}

function answerParts(view: NoticeView): Part[] {
  const { refuse, later } = texts[view.language];
  return [
    heading(view.consent === 'opt_in' ? refuse.headingAnswer : refuse.heading),
    paragraph(view.consent === 'opt_in' ? refuse.howAnswer : refuse.how),
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
