import { type Html, html } from '#libs/html/index.js';
import type { Policy } from '#libs/programmes/index.js';
import { type Language, plain } from '../notice-view.js';
import { pageTexts, texts } from '../texts/index.js';
import { page } from './page.js';

/** A set of usage data that a partner can read. */
export interface UsageSetEntry {
  name: string;
  columns: { name: string; isExecutive: boolean }[];
}

/** What the page shows that explains a programme to customers. */
export interface ExplanationView {
  language: Language;
  /** The version in force. */
  policy: Policy;
  /** IANA zone of the programme's calendar. */
  zone: string;
  sets: UsageSetEntry[];
}

/** A programme in the list of programmes. */
export interface ProgrammeEntry {
  name: string;
  vendor: string;
}

/** Explains a programme in plain words: what a partner of record is, what it sees, how to refuse it and how to end it. */
export function renderExplanationPage(unsafeView: ExplanationView): string {
  const view = plain(unsafeView);
  const { language, policy } = view;
  const { explanation: words } = pageTexts[language];
  const body = html`<h1>${words.title}</h1>
<p>${words.lead(policy.vendor.name)}</p>
${listSection(words.is.heading, words.is.items)}
${askSection(view)}
${accessSection(view)}
${listSection(words.never.heading, words.never.items)}
${endSection(view)}
<h2>${words.rivals.heading}</h2>
<p>${words.rivals.text(policy.vendor.name)}</p>
<ol>${words.rivals.items.map((item) => html`<li>${item}</li>`)}</ol>
<p>${words.rivals.after}</p>
${productSection(view)}
${helpSection(view)}`;
  return page({ language, title: words.title, banner: policy.vendor.name, body });
}

/** Lists the pages that explain a programme. With `isUnknown` it says first that the page asked for does not exist. */
export function renderProgrammeList(language: Language, programmes: ProgrammeEntry[], isUnknown = false): string {
  const { explanation: words } = pageTexts[language];
  const { title, text } = isUnknown ? words.unknown : words.index;
  const body = html`<h1>${title}</h1>
<p>${text}</p>
<ul class="places">${plain(programmes).map(
    ({ name, vendor }) => html`<li><a href="/partner-of-record/${encodeURIComponent(name)}?lang=${language}">${vendor}: ${name}</a></li>`,
  )}</ul>`;
  return page({ language, title, body });
}

const listSection = (heading: string, items: string[]): Html => html`<h2>${heading}</h2>
<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;

function askSection({ language, policy, zone }: ExplanationView): Html {
  const { ask } = pageTexts[language].explanation;
  const { clocks, consent, publicSectorConsent, calendar, evidence } = policy;
  return html`<h2>${ask.heading}</h2>
<p>${ask.who}</p>
<p>${ask.window(clocks.consentWindow, calendar, zone)}</p>
<p><strong>${ask.silence[consent]}</strong>${publicSectorConsent !== consent && html` ${ask.publicSector[publicSectorConsent]}`}</p>
<p>${ask.how}</p>
${clocks.coolDownCalendarDays > 0 && html`<p>${ask.coolDown(clocks.coolDownCalendarDays)}</p>`}
<p>${ask.evidence[evidence.customerSees]}</p>`;
}

function accessSection({ language, policy: { usage }, sets }: ExplanationView): Html {
  const { access } = pageTexts[language].explanation;
  return html`<h2>${access.heading}</h2>
<p>${access.text}</p>
${sets.map((set) => usageSet(set, language))}
${usage.suppressBelow !== null && html`<p>${access.suppressed(usage.suppressBelow)}</p>`}
${usage.hasBaselineMonth && html`<p>${access.baseline}</p>`}
<p>${access.after[usage.afterEnd]}</p>
<p>${access.log}</p>`;
}

function usageSet({ name, columns }: UsageSetEntry, language: Language): Html {
  const { access, sets } = pageTexts[language].explanation;
  return html`<details class="columns">
<summary>${sets[name] ?? name} (${columns.length})</summary>
<ul>${columns.map((column) => html`<li><code>${column.name}</code>${column.isExecutive && html`<span class="state">${access.executive}</span>`}</li>`)}</ul>
</details>`;
}

function endSection({ language, policy: { termMonths, areas } }: ExplanationView): Html {
  const { end } = pageTexts[language].explanation;
  return html`<h2>${end.heading}</h2>
<p>${end.text}</p>
${areas.some(({ unit }) => unit === 'subscription') && html`<p>${end.subscription}</p>`}
${termMonths !== null && html`<p>${end.term(termMonths)}</p>`}`;
}

/** Lists the products by area and, within it, by what a partner can claim to have done for them. */
function productSection({ language, policy }: ExplanationView): Html {
  const { products: words } = pageTexts[language].explanation;
  return html`<h2>${words.heading}</h2>
${policy.areas.map((area) => {
  const products = policy.products.filter((product) => product.area === area.code && product.state === 'active');
  const groups = Map.groupBy(products, ({ activities }) => activities.join());
  return (
    products.length > 0 &&
    html`<h3>${area.label[language]}</h3>
<p class="hint">${words.unit[area.unit]}</p>
${[...groups.values()].map((group) => productGroup(group, language))}`
  );
})}`;
}

const productGroup = (products: Policy['products'], language: Language): Html => html`<p>${startOfSentence(
  texts[language].claim.work(products[0]!.activities),
)}:</p>
<ul class="names">${products.map(({ label }) => html`<li>${label[language]}</li>`)}</ul>
`;

const startOfSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function helpSection({ language, policy: { vendor, name, version } }: ExplanationView): Html {
  const { help, programme } = pageTexts[language].explanation;
  return html`<h2>${help.heading}</h2>
${vendor.explanationUrl !== null && html`<p><a href="${vendor.explanationUrl}" rel="noreferrer">${help.page(vendor.name)}</a></p>`}
<p>${help.write(vendor.name)}: <a href="mailto:${vendor.contactEmail}">${vendor.contactEmail}</a></p>
<p class="hint">${programme(name, version)}</p>`;
}
