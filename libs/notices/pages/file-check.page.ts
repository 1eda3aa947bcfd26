import { html } from '#libs/html/index.js';
import type { SealCheck } from '#libs/receipts/index.js';
import type { Language } from '../notice-view.js';
import { pageTexts } from '../texts/index.js';
import { page } from './page.js';

/** What a person sent: a file that was checked, or nothing that could be. */
export type FileCheck = SealCheck | { fault: 'no_file' | 'too_large' };

/** The page where anyone can have a receipt's seal checked, with what was found in the file that was sent. */
export function renderFileCheckPage(language: Language, found: FileCheck | null): string {
  const { fileCheck: words } = pageTexts[language];
  const fault = found !== null && 'fault' in found ? words.faults[found.fault] : undefined;
  const check = found !== null && 'verdict' in found ? found : null;
  const result = check === null ? null : words.verdicts[check.verdict];
  const body = html`<h1>${words.title}</h1>
${
  result !== null &&
  html`<div class="note" role="status">
<h2>${result.title}</h2>
<p>${result.text}</p>
${
  check?.certificate &&
  html`<p>${words.sealedBy(check.certificate.subject)}</p>
<p class="hint">${words.fingerprint}: ${check.certificate.fingerprint}</p>`
}
</div>`
}
${fault !== undefined && html`<div class="fault" role="alert"><p>${fault}</p></div>`}
<p>${words.lead}</p>
<form method="post" action="?lang=${language}" enctype="multipart/form-data">
<label class="label" for="file">${words.file}</label>
<p><input type="file" name="file" id="file" accept="application/pdf,.pdf" required></p>
<button type="submit">${words.check}</button>
</form>`;
  return page({ language, title: result?.title ?? words.title, banner: 'cpor', ...(fault !== undefined && { fault }), body });
}
