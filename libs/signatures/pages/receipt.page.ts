import { html } from '#libs/html/index.js';
import { formatInstant, page } from '#libs/notices/index.js';
import type { ReceiptContent } from '#libs/receipts/index.js';
import { signatureTexts } from '../texts/index.js';

/** Renders a receipt as a page to print, in the language of the statement. */
export function renderReceipt(
  { language, title, facts, sections, trail, checkAt }: ReceiptContent,
  { banner, fileAt }: { banner: string; fileAt: string | null },
): string {
  const { receipt: words } = signatureTexts[language];
  const body = html`<h1>${title}</h1>
<dl class="facts">
${facts.map(({ label, value }) => html`<dt>${label}</dt><dd>${value}</dd>\n`)}</dl>
${sections.map(
  ({ heading, paragraphs }) => html`<section class="note">
${heading !== undefined && html`<h2>${heading}</h2>`}
${paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`)}</section>
`,
)}<h2>${words.trail}</h2>
<ul>${trail.map(({ at, text }) => html`<li><time datetime="${at}">${formatInstant(at, 'UTC', language, 'second')}</time>: ${text}</li>\n`)}</ul>
<p>${words.check}:<br><a href="${checkAt}">${checkAt}</a></p>
${fileAt === null ? html`<p class="hint">${words.print}</p>` : html`<p><a href="${fileAt}">${words.file}</a></p>`}`;
  return page({ language, title, banner, body });
}
