import { type Html, html, type HtmlValue } from '#libs/html/index.js';
import { formatDate, formatDay, formatInstant, type Language, page } from '#libs/notices/index.js';
import type { SnapshotContent } from './content.js';
import { type SnapshotField, snapshotFields } from './fields.js';
import type { OpenedSnapshot } from './snapshot-store.js';
import { snapshotTexts } from './texts/index.js';

/** Renders what a link shows. Instants are in UTC: the reader may be anywhere. */
export function renderSnapshotPage({ content, contentSha256, expiresAt }: OpenedSnapshot, language: Language): string {
  const t = snapshotTexts[language];
  const { claim, asOf, sharedBy } = content;
  const title = t.title(claim.number);
  const body = html`<h1>${title}</h1>
<p>${t.lead(claim.vendor)}</p>
${facts([
  [t.submission, claim.submission],
  [t.submittedAt, at(claim.submittedAt, language)],
  [t.programme, claim.programme],
  [t.sharedBy, t.sharer[sharedBy](claim.vendor)],
  [t.asOf, at(asOf, language)],
  [t.expiresAt, at(expiresAt, language)],
])}
${snapshotFields.map((field) => content[field] !== undefined && section(t[field].heading, groups[field](content, language)))}
${section(t.proof.heading, html`<p>${t.proof.text}</p>${facts([[t.proof.sha256, contentSha256]])}`)}`;
  return page({ language, title, banner: claim.vendor, body });
}

const section = (heading: string, content: HtmlValue): Html => html`<section><h2>${heading}</h2>
${content}
</section>
`;

const facts = (rows: [term: string, value: HtmlValue][]): Html =>
  html`<dl class="facts">${rows.map(
    ([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>
`,
  )}</dl>`;

const at = (instant: string, language: Language): Html =>
  html`<time datetime="${instant}">${formatInstant(instant, 'UTC', language)}</time>`;

type Group = (content: SnapshotContent, language: Language) => Html;

const groups: Record<SnapshotField, Group> = {
  description: ({ description }, language) => {
    const { description: t, none, notStated } = snapshotTexts[language];
    const { name, area, externalReference, tags } = description!;
    return facts([
      [t.name, name],
      [t.area, area.label[language]],
      [t.externalReference, externalReference ?? notStated],
      [t.tags, tags.length === 0 ? none : tags.join(', ')],
    ]);
  },
  customer: ({ customer }, language) => {
    const { customer: t, notStated } = snapshotTexts[language];
    const { name, tenantId, domain } = customer!;
    return facts([
      [t.name, name ?? notStated],
      [t.tenantId, tenantId],
      [t.domain, domain ?? notStated],
    ]);
  },
  partner: ({ partner }, language) => {
    const { partner: t, notStated } = snapshotTexts[language];
    return facts([
      [t.name, partner!.name ?? notStated],
      [t.partnerId, partner!.partnerId],
    ]);
  },
  lines: ({ lines }, language) => {
    const { lines: t } = snapshotTexts[language];
    return facts(
      lines!.map(({ line, product, subscriptionId }) => [
        t.line(line),
        `${product.label[language]}${subscriptionId === null ? '' : `, ${t.subscription} ${subscriptionId}`}`,
      ]),
    );
  },
  activities: ({ activities }, language) => {
    const { lines: t, none } = snapshotTexts[language];
    return facts(
      activities!.map(({ line, activities: done }) => [t.line(line), done.map(({ label }) => label[language]).join(', ') || none]),
    );
  },
  evidence: ({ evidence }, language) => {
    const { evidence: t, none, notStated } = snapshotTexts[language];
    if (evidence!.length === 0) return html`<p>${none}</p>`;
    const documents = evidence!.map(({ sha256, signedOn, isSignedHere, mediaType, sizeBytes }, index) => {
      const kind = isSignedHere
        ? t.signedHere
        : [mediaType, sizeBytes !== null && t.bytes(count(sizeBytes, language))].filter(Boolean).join(', ');
      return html`<h3>${t.item(index + 1)}</h3>
${facts([
  [t.signedOn, signedOn === null ? notStated : formatDate(signedOn, language)],
  [t.kind, kind || notStated],
  [t.sha256, sha256],
])}
`;
    });
    return html`<p>${t.note}</p>
${documents}`;
  },
  terms: ({ terms }, language) => {
    const { terms: t, notStated } = snapshotTexts[language];
    const { transactionOn, isOptedOutOfIncentives } = terms!;
    return facts([
      [t.transactionOn, transactionOn === null ? notStated : formatDate(transactionOn, language)],
      [t.incentives, isOptedOutOfIncentives ? t.optedOut : t.optedIn],
    ]);
  },
  standing: ({ standing }, language) => {
    const { standing: t, lines } = snapshotTexts[language];
    const day = (instant: string) => formatDay(instant, 'UTC', language);
    return facts(
      standing!.map(({ line, status, since, association }) => {
        const told = [status[language], t.since(day(since))];
        if (association !== null) told.push(t.association(day(association.from), association.to && day(association.to)));
        return [lines.line(line), told.join(', ')];
      }),
    );
  },
};

const count = (value: number, language: Language): string => new Intl.NumberFormat(language === 'ru' ? 'ru-RU' : 'en-GB').format(value);
