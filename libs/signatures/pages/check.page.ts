import { html } from '#libs/html/index.js';
import { formatInstant, type Language, page } from '#libs/notices/index.js';
import { signatureTexts } from '../texts/index.js';

/** Renders whether a receipt is genuine. It names nobody: whoever has the receipt knows who signed. */
export function renderCheckPage(language: Language, found: { signedAt: string; textSha256: string } | null): string {
  const { check, receipt } = signatureTexts[language];
  const title = found === null ? check.unknown : check.valid;
  const body = html`<h1>${title}</h1>
<p>${found === null ? check.unknownText : check.validText}</p>
${
  found !== null &&
  html`<dl class="facts"><dt>${receipt.signedAt}</dt><dd><time datetime="${found.signedAt}">${formatInstant(found.signedAt, 'UTC', language, 'second')}</time></dd>
<dt>${receipt.textSha256}</dt><dd>${found.textSha256}</dd></dl>`
}`;
  return page({ language, title, banner: 'cpor', body });
}
