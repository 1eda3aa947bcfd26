import { type Html, html } from '#libs/html/index.js';
import { formatInstant } from '../instant.js';
import { evidenceItems, silence } from '../notice.mail.js';
import { type NoticeView, plain } from '../notice-view.js';
import { texts } from '../texts/index.js';
import { answerableLines, answerForm, type FormOptions, faultSummary, shownState } from './answer.form.js';
import { page } from './page.js';

/** Shows who claims what, until when it may be refused, what silence means, and the form to refuse or end. GET-safe: it decides nothing. */
export function renderNoticePage(unsafeView: NoticeView, options: FormOptions): string {
  const view = plain(unsafeView);
  const { claim, fault, form } = texts[view.language];
  const title = claim.title(view.partner.legalName);
  const lines = answerableLines(view);
  const body = html`${options.fault !== undefined && lines.length > 0 && faultSummary(view, lines, options.fault)}
<h1>${title}</h1>
<p>${claim.lead(view.partner.legalName, view.partner.partnerId, view.vendor.name)}</p>
${periodPanel(view)}
${lines.length > 0 && html`<p><a class="jump" href="#answer">${form.jump}</a></p>`}
${claimSection(view)}
${accessSection(view)}
${laterSection(view)}
${evidenceSection(view)}
${lines.length > 0 ? answerForm(view, lines, options) : html`<p><strong>${form.nothingOpen}</strong></p>`}
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
  const { period } = texts[view.language];
  const isOpen = view.lines.some(({ state }) => state === 'open');
  return html`<dl class="panel">
<dt>${periodLabel(view, isOpen)}</dt>
<dd class="instant">${
    view.closesAt === null
      ? period.notBegun(view.windowBusinessDays)
      : html`<time datetime="${view.closesAt}">${formatInstant(view.closesAt, view.zone, view.language)}</time>`
  }</dd>
${isOpen && html`<dt>${period.ifSilent}</dt>\n<dd>${silence(view)}</dd>`}
</dl>`;
}

function periodLabel({ language, closesAt, consent }: NoticeView, isOpen: boolean): string {
  const { period } = texts[language];
  if (closesAt === null) return period.heading;
  if (!isOpen) return period.until;
  return consent === 'opt_in' ? period.answerUntil : period.openUntil;
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
    (line) =>
      html`<li><strong>${line.target}</strong>: ${claim.work(line.activities)}<span class="state">${state[shownState(line)]}</span></li>`,
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

function backgroundSections(view: NoticeView): Html {
  const { reason, help } = texts[view.language];
  const { vendor } = view;
  return html`<h2>${reason.heading}</h2>
<p>${reason.text(vendor.name)}</p>
<h2>${help.heading}</h2>
<p><a href="${vendor.explanationUrl}" rel="noreferrer">${help.explanation}</a></p>
<p>${help.contact(vendor.name)}: <a href="mailto:${vendor.contactEmail}">${vendor.contactEmail}</a></p>`;
}
