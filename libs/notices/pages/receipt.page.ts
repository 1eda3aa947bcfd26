import { type Html, html } from '#libs/html/index.js';
import { formatInstant } from '../instant.js';
import { type NoticeView, plain, type Receipt, type ReceiptOutcome } from '../notice-view.js';
import { texts } from '../texts/index.js';
import { answerableLines, answerForm, type FormOptions, faultSummary } from './answer.form.js';
import { helpSection } from './help.section.js';
import { page } from './page.js';
import { shareSection } from './share.section.js';

/** Renders what an answer did. With form options it also offers the lines that were left out and can still be answered. */
export function renderReceiptPage(unsafeView: NoticeView, unsafeReceipt: Receipt, options?: FormOptions): string {
  const view = plain(unsafeView);
  const receipt = plain(unsafeReceipt);
  const { receipt: words, claim, fault } = texts[view.language];
  const title = words.title[overallOutcome(receipt)];
  // What was accepted can still be refused.
  const answered = new Set(receipt.lines.filter(({ outcome }) => outcome !== 'accepted').map(({ line }) => line));
  const lines = options === undefined ? [] : answerableLines(view).filter(({ line }) => !answered.has(line));
  const body = html`${options?.fault !== undefined && lines.length > 0 && faultSummary(view, lines, options.fault)}
<h1>${title}</h1>
<p>${words.lead(view.partner.legalName, view.partner.partnerId, view.tenant.name)}</p>
<dl class="panel">
<dt>${words.receivedAt}</dt>
<dd class="instant"><time datetime="${receipt.receivedAt}">${formatInstant(receipt.receivedAt, view.zone, view.language, 'second')}</time></dd>
<dt>${words.reference}</dt><dd>${receipt.reference}</dd>
<dt>${claim.number}</dt><dd>${view.claimNumber}</dd>
<dt>${claim.tenant}</dt><dd>${claim.tenantWithId(view.tenant.domain, view.tenant.tenantId)}</dd>
</dl>
<h2>${words.outcomes}</h2>
${outcomeList(view, receipt)}
<p>${words.next}</p>
${options !== undefined && lines.length > 0 && html`<p>${words.remaining}</p>\n${answerForm(view, lines, options)}`}
${shareSection(view, title)}
${helpSection(view, html`<p>${words.notYou(view.vendor.contactEmail)}</p>`)}`;
  return page({
    language: view.language,
    title,
    banner: view.vendor.name,
    ...(options?.fault !== undefined && { fault: fault.heading }),
    body,
  });
}

/** Returns the outcome that all lines share, or `recorded` when their outcomes differ. */
function overallOutcome(receipt: Receipt): ReceiptOutcome {
  const [first, ...others] = new Set(receipt.lines.map(({ outcome }) => outcome));
  return first === undefined || others.length > 0 ? 'recorded' : first;
}

/** Lists what the answer did to each line. */
export function outcomeList({ language, lines }: NoticeView, receipt: Receipt): Html {
  const effects = texts[language].receipt.outcome;
  const targetOf = (line: number) => lines.find((candidate) => candidate.line === line)?.target ?? String(line);
  return html`<ul>${receipt.lines.map(({ line, outcome }) => html`<li><strong>${targetOf(line)}</strong>: ${effects[outcome]}</li>`)}</ul>`;
}
