import { type Html, html } from '#libs/html/index.js';
import { formatInstant } from '../instant.js';
import { evidenceItems, lineWork } from '../notice.mail.js';
import { type AnswerPeriod, type NoticeView, plain, type Receipt } from '../notice-view.js';
import { pageTexts, texts } from '../texts/index.js';
import { answerableLines, answerForm, type FormOptions, faultSummary, shownState } from './answer.form.js';
import { helpSection } from './help.section.js';
import { page } from './page.js';
import { outcomeList } from './receipt.page.js';
import { copyBox, shareSection } from './share.section.js';
import { type Standing, standingOf, standingWords } from './standing.js';

/**
 * Renders the decision first: who asks for what, until when, what silence means, and the form to refuse, end or accept. The details follow.
 * An answer from before the latest notice is shown below the form.
 */
export function renderNoticePage(unsafeView: NoticeView, options: FormOptions, unsafeEarlier: Receipt | null = null): string {
  const view = plain(unsafeView);
  const { title, text } = standingWords(view);
  const lines = answerableLines(view);
  const body = html`${options.fault !== undefined && lines.length > 0 && faultSummary(view, lines, options.fault)}
<h1>${title}</h1>
<p>${text}</p>
${standingPanel(view)}
${lines.length > 0 && answerForm(view, lines, options)}
${unsafeEarlier !== null && earlierSection(view, plain(unsafeEarlier))}
${detailSections(view)}
${shareSection(view, title)}
${helpSection(view)}`;
  return page({
    language: view.language,
    title,
    banner: view.vendor.name,
    ...(options.fault !== undefined && { fault: texts[view.language].fault.heading }),
    body,
  });
}

/** Renders the copy for reading and printing, from which nobody can answer. `asOf` is when it was read. */
export function renderNoticeCopy(unsafeView: NoticeView, asOf: string): string {
  const view = plain(unsafeView);
  const { title, text } = standingWords(view);
  const body = html`${copyBox(view, asOf)}
<h1>${title}</h1>
<p>${text}</p>
${standingPanel(view)}
${detailSections(view)}
${helpSection(view)}`;
  return page({ language: view.language, title, banner: view.vendor.name, body });
}

/** The standings in which a period matters: before them it runs, after them only the outcome counts. */
const withPeriod: Standing[] = ['open', 'closing', 'official'];

function standingPanel(view: NoticeView): Html {
  const { standing } = pageTexts[view.language];
  const now = standingOf(view);
  return html`${withPeriod.includes(now) && periodPanel(view, now)}
${now === 'open' && calendarLink(view)}
${view.isReplaced && html`<p>${standing.replaced}</p>`}`;
}

function periodPanel(view: NoticeView, standing: Standing): Html {
  const { brief } = pageTexts[view.language];
  return html`<dl class="panel">
${view.periods.map((one) => periodEntry(view, one))}${
  standing === 'open' && html`<dt>${brief.seen}</dt>\n<dd>${brief.text} <a href="#access">${brief.more}</a></dd>\n`
}</dl>`;
}

function periodEntry(view: NoticeView, one: AnswerPeriod): Html {
  const { language, zone, periods } = view;
  const { period } = texts[language];
  const { brief } = pageTexts[language];
  const open = view.lines.filter(({ line, state }) => state === 'open' && one.lines.includes(line));
  const isRunning = open.length > 0 && !one.isOver;
  const label = one.closesAt === null ? period.heading : isRunning ? period.openUntil : period.until;
  const isForAll = periods.length === 1 && open.length === view.lines.length;
  const targets = !isForAll && open.length > 0 && `: ${open.map(({ target }) => target).join(', ')}`;
  return html`<dt>${label[one.consent]}${targets}</dt>
<dd class="instant">${
    one.closesAt === null
      ? period.notBegun[one.consent](view.window)
      : html`<time datetime="${one.closesAt}">${formatInstant(one.closesAt, zone, language)}</time>`
  }</dd>
${one.isBeyondCoverage && html`<dd>${period.beyondCoverage}</dd>`}
${isRunning && html`<dt>${period.ifSilent}</dt>\n<dd>${brief.silence[one.consent](view.partner.legalName)}</dd>`}
`;
}

function calendarLink(view: NoticeView): Html | false {
  const { calendar } = pageTexts[view.language];
  const hasBegun = view.periods.some(({ closesAt, isOver }) => closesAt !== null && !isOver);
  return (
    hasBegun &&
    html`<p class="tool"><a href="${view.url}/deadline.ics?lang=${view.language}" download>${calendar.add}</a><span class="hint">${calendar.hint}</span></p>`
  );
}

const detailSections = (view: NoticeView): Html => html`${claimSection(view)}
${accessSection(view)}
${laterSection(view)}
${evidenceSection(view)}
${reasonSection(view)}`;

function claimSection(view: NoticeView): Html {
  const { claim, state } = texts[view.language];
  const { partner, tenant } = view;
  return html`<h2>${claim.heading}</h2>
<dl class="facts">
<dt>${claim.partner}</dt><dd>${claim.partnerWithId(partner.legalName, partner.partnerId)}</dd>
<dt>${claim.customer}</dt><dd>${tenant.name}</dd>
<dt>${claim.tenant}</dt><dd>${claim.tenantWithId(tenant.domain, tenant.tenantId)}</dd>
<dt>${claim.number}</dt><dd>${view.claimNumber}</dd>
<dt>${claim.products}</dt><dd><ul>${view.lines.map(
    (line) => html`<li><strong>${line.target}</strong>: ${lineWork(line, view)}<span class="state">${state[shownState(line)]}</span></li>`,
  )}</ul></dd>
</dl>`;
}

/** Left out where the partner sees nothing and will see nothing. */
function accessSection(view: NoticeView): Html | false {
  const { access } = texts[view.language];
  const { brief } = pageTexts[view.language];
  const standing = standingOf(view);
  return (
    withPeriod.includes(standing) &&
    html`<h2 id="access">${standing === 'official' ? brief.sees : access.heading}</h2>
<ul>${access.seen.map((item) => html`<li>${item}</li>`)}</ul>
<p>${access.nothingElse}</p>`
  );
}

/** Left out once the form itself ends the association, or nothing is left to end. */
function laterSection(view: NoticeView): Html | false {
  const { later } = texts[view.language];
  return view.lines.some(({ state }) => state === 'open') && html`<h2>${later.heading}</h2>\n<p>${later.how(view.vendor.contactEmail)}</p>`;
}

function evidenceSection(view: NoticeView): Html | false {
  const { evidence } = texts[view.language];
  return (
    view.evidence.length > 0 &&
    html`<h2>${evidence.heading}</h2>
<p>${evidence.intro}</p>
<ul>${evidenceItems(view).map((item, index) => evidenceItem(item, view.evidence[index]?.url ?? null))}</ul>`
  );
}

const evidenceItem = (item: string, url: string | null): Html =>
  url === null ? html`<li>${item}</li>` : html`<li><a href="${url}" download>${item}</a></li>`;

function earlierSection(view: NoticeView, earlier: Receipt): Html {
  const { receipt } = texts[view.language];
  return html`<h2>${receipt.earlier}</h2>
<dl class="facts">
<dt>${receipt.receivedAt}</dt><dd>${formatInstant(earlier.receivedAt, view.zone, view.language, 'second')}</dd>
<dt>${receipt.reference}</dt><dd>${earlier.reference}</dd>
</dl>
${outcomeList(view, earlier)}`;
}

function reasonSection({ language, vendor }: NoticeView): Html {
  const { reason } = texts[language];
  return html`<h2>${reason.heading}</h2>
<p>${reason.text(vendor.name)}</p>`;
}
