import { type Html, html } from '#libs/html/index.js';
import { formatInstant } from '../instant.js';
import { evidenceItems, lineWork, noticeLead, noticeTitle, silence } from '../notice.mail.js';
import { type AnswerPeriod, type NoticeView, plain, type Receipt } from '../notice-view.js';
import { texts } from '../texts/index.js';
import { answerableLines, answerForm, type FormOptions, faultSummary, shownState } from './answer.form.js';
import { page } from './page.js';
import { outcomeList } from './receipt.page.js';

/**
 * Renders who claims what, the deadline, what silence means, and the form to refuse, end or accept. An answer from before the latest notice
 * is shown below the form.
 */
export function renderNoticePage(unsafeView: NoticeView, options: FormOptions, unsafeEarlier: Receipt | null = null): string {
  const view = plain(unsafeView);
  const { fault, form } = texts[view.language];
  const title = noticeTitle(view);
  const lines = answerableLines(view);
  const body = html`${options.fault !== undefined && lines.length > 0 && faultSummary(view, lines, options.fault)}
<h1>${title}</h1>
<p>${noticeLead(view)}</p>
${periodPanel(view)}
${lines.length > 0 && html`<p><a class="jump" href="#answer">${form.jump}</a></p>`}
${claimSection(view)}
${accessSection(view)}
${laterSection(view)}
${evidenceSection(view)}
${lines.length > 0 ? answerForm(view, lines, options) : html`<p><strong>${form.nothingOpen}</strong></p>`}
${unsafeEarlier !== null && earlierSection(view, plain(unsafeEarlier))}
${backgroundSections(view)}`;
  return page({
    language: view.language,
    title,
    banner: view.vendor.name,
    ...(options.fault !== undefined && { fault: fault.heading }),
    body,
  });
}

function periodPanel(view: NoticeView): Html {
  return html`<dl class="panel">
${view.periods.map((one) => periodEntry(view, one))}</dl>`;
}

function periodEntry(view: NoticeView, one: AnswerPeriod): Html {
  const { language, zone, periods } = view;
  const { period } = texts[language];
  const open = view.lines.filter(({ line, state }) => state === 'open' && one.lines.includes(line));
  const label = one.closesAt === null ? period.heading : open.length > 0 ? period.openUntil : period.until;
  const isForAll = periods.length === 1 && open.length === view.lines.length;
  const targets = !isForAll && open.length > 0 && `: ${open.map(({ target }) => target).join(', ')}`;
  return html`<dt>${label[one.consent]}${targets}</dt>
<dd class="instant">${
    one.closesAt === null
      ? period.notBegun[one.consent](view.window)
      : html`<time datetime="${one.closesAt}">${formatInstant(one.closesAt, zone, language)}</time>`
  }</dd>
${one.isBeyondCoverage && html`<dd>${period.beyondCoverage}</dd>`}
${open.length > 0 && html`<dt>${period.ifSilent}</dt>\n<dd>${silence(view, one)}</dd>`}
`;
}

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

function accessSection(view: NoticeView): Html {
  const { access } = texts[view.language];
  return html`<h2>${access.heading}</h2>
<ul>${access.seen.map((item) => html`<li>${item}</li>`)}</ul>
<p>${access.nothingElse}</p>`;
}

function laterSection(view: NoticeView): Html {
  const { later } = texts[view.language];
  return html`<h2>${later.heading}</h2>
<p>${later.how(view.vendor.contactEmail)}</p>`;
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

function backgroundSections(view: NoticeView): Html {
  const { reason, help } = texts[view.language];
  const { vendor } = view;
  return html`<h2>${reason.heading}</h2>
<p>${reason.text(vendor.name)}</p>
<h2>${help.heading}</h2>
<p><a href="${vendor.explanationUrl}" rel="noreferrer">${help.explanation}</a></p>
<p>${help.contact(vendor.name)}: <a href="mailto:${vendor.contactEmail}">${vendor.contactEmail}</a></p>`;
}
