import { daysUntil, formatDate, formatInstant } from './instant.js';
import { heading, type Mail, mailHtml, mailText, type Part, paragraph } from './mail-parts.js';
import type { LetterFacts, LetterView } from './letter-view.js';
import { plain } from './notice-view.js';
import { letterTexts, textVersion } from './texts/index.js';

/** Renders a letter: a mail that informs and asks nothing, such as a receipt, a warning or an escalation. */
export function renderLetter(unsafeView: LetterView): Mail {
  const view = plain(unsafeView);
  const words = letterTexts[view.language];
  const { title, paragraphs } = words.letters[view.kind](factsOf(view));
  const parts: Part[] = [
    ...paragraphs.map(paragraph),
    ...(view.code === null ? [] : [{ kind: 'paragraph' as const, text: view.code, isStrong: true }]),
    ...(view.isBeyondCoverage ? [paragraph(words.beyondCoverage)] : []),
    {
      kind: 'facts',
      facts: [
        [words.partner, view.partner.legalName],
        [words.customer, view.tenant.name],
        [words.number, view.claimNumber],
        [words.reference, view.reference],
      ],
    },
    heading(words.products),
    { kind: 'list', items: view.targets },
    ...(view.url === null ? [] : [{ kind: 'link' as const, label: words.link, url: view.url }]),
    paragraph(words.questions(view.vendor.name, view.vendor.contactEmail)),
  ];
  return {
    subject: words.subject(view.claimNumber, title),
    text: mailText(title, parts),
    html: mailHtml(view.language, title, parts),
    textVersion,
  };
}

function factsOf({ partner, tenant, vendor, language, zone, isSubscription, renewal, ...about }: LetterView): LetterFacts {
  return {
    partner: partner.legalName,
    customer: tenant.name,
    vendor: vendor.name,
    contactEmail: vendor.contactEmail,
    at: formatInstant(about.at, zone, language),
    dueAt: about.dueAt === undefined ? null : formatInstant(about.dueAt, zone, language),
    endsOn: about.endsOn === undefined ? null : formatDate(about.endsOn, language),
    daysLeft: about.endsOn === undefined ? 0 : daysUntil(about.endsOn, about.at, zone),
    reason: about.reason ?? null,
    reasons: about.reasons ?? [],
    clock: about.clock ?? null,
    code: about.code,
    isSubscription,
    renewal,
  };
}
