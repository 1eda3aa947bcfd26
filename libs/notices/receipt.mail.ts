import { formatInstant } from './instant.js';
import { heading, type Letter, letterHtml, letterText, type Part, paragraph } from './letter.js';
import { type NoticeView, plain, type Receipt, type ReceiptOutcome } from './notice-view.js';
import { texts, textVersion } from './texts/index.js';

/** Writes the receipt for a refusal, for the end of an association, or for an answer whose effect is still to come. */
export function renderReceipt(unsafeView: NoticeView, unsafeReceipt: Receipt): Letter {
  const view = plain(unsafeView);
  const receipt = plain(unsafeReceipt);
  const { receipt: words, claim, refuse, help } = texts[view.language];
  const title = words.title[overallOutcome(receipt)];
  const parts: Part[] = [
    paragraph(words.lead(view.partner.legalName, view.partner.partnerId, view.tenant.name)),
    {
      kind: 'facts',
      facts: [
        [words.receivedAt, formatInstant(receipt.receivedAt, view.zone, view.language, 'second')],
        [words.reference, receipt.reference],
        [claim.number, view.claimNumber],
        [claim.tenant, claim.tenantWithId(view.tenant.domain, view.tenant.tenantId)],
      ],
    },
    heading(words.outcomes),
    { kind: 'list', items: outcomes(view, receipt).map(({ target, effect }) => `${target}: ${effect}`) },
    paragraph(words.next),
    { kind: 'link', label: refuse.link, url: view.url },
    paragraph(words.notYou(view.vendor.contactEmail)),
    { kind: 'link', label: help.explanation, url: view.vendor.explanationUrl },
  ];
  return {
    subject: words.subject(view.claimNumber, title),
    text: letterText(title, parts),
    html: letterHtml(view.language, title, parts),
    textVersion,
  };
}

/** The outcome that all lines share; lines that fared differently are together only `recorded`. */
export function overallOutcome(receipt: Receipt): ReceiptOutcome {
  const [first, ...others] = new Set(receipt.lines.map(({ outcome }) => outcome));
  return first === undefined || others.length > 0 ? 'recorded' : first;
}

/** Says of each answered line what the answer did. */
export function outcomes(view: NoticeView, receipt: Receipt): { target: string; effect: string }[] {
  const effects = texts[view.language].receipt.outcome;
  return receipt.lines.map(({ line, outcome }) => ({
    target: view.lines.find((candidate) => candidate.line === line)?.target ?? String(line),
    effect: effects[outcome],
  }));
}
