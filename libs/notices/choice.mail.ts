import type { ChoiceView } from './choice-view.js';
import { heading, type Mail, mailHtml, mailText, type Part, paragraph } from './mail-parts.js';
import { plain } from './notice-view.js';
import { texts, textVersion } from './texts/index.js';

/** Writes the mail that asks the customer which of several partners it wants. */
export function renderChoice(unsafeView: ChoiceView): Mail {
  const view = plain(unsafeView);
  const { choice, claim, refuse, help } = texts[view.language];
  const { vendor, tenant } = view;
  const title = choice.title(view.target);
  const parts: Part[] = [
    paragraph(choice.lead(vendor.name, tenant.name, view.target)),
    { kind: 'paragraph', text: choice.silence(vendor.name), isStrong: true },
    heading(choice.partners),
    { kind: 'list', items: candidateItems(view) },
    {
      kind: 'facts',
      facts: [
        [choice.product, view.target],
        [choice.tenant, claim.tenantWithId(tenant.domain, tenant.tenantId)],
      ],
    },
    heading(choice.heading),
    paragraph(choice.how),
    { kind: 'link', label: refuse.link, url: view.url },
    paragraph(`${refuse.opening} ${refuse.personal}`),
    paragraph(choice.afterwards),
    heading(help.heading),
    { kind: 'link', label: help.explanation, url: vendor.explanationUrl },
    { kind: 'link', label: help.contact(vendor.name), url: `mailto:${vendor.contactEmail}`, shown: vendor.contactEmail },
    paragraph(help.recipient),
  ];
  return {
    subject: choice.subject(view.target),
    text: mailText(title, parts),
    html: mailHtml(view.language, title, parts),
    textVersion,
  };
}

/** One text for each partner: its name, and whether it is the partner of record. */
export function candidateItems({ candidates, language }: ChoiceView): string[] {
  const { choice } = texts[language];
  return candidates.map(({ legalName, partnerId, isHolder }) =>
    isHolder ? `${choice.partner(legalName, partnerId)} (${choice.isHolder})` : choice.partner(legalName, partnerId),
  );
}
