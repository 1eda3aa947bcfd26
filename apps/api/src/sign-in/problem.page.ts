import { html } from '#libs/html/index.js';
import { type Language, page } from '#libs/notices/index.js';
import type { SignInFailureCode } from './sign-in-failure.js';
import { en } from './texts/sign-in.en.js';
import { ru } from './texts/sign-in.ru.js';

const texts = { en, ru };

/** Status of the page: whose move it is. */
export const pageStatus: Record<SignInFailureCode, number> = {
  sign_in_off: 404,
  sign_in_cancelled: 403,
  sign_in_cookie_missing: 400,
  sign_in_stale: 400,
  issuer_unreachable: 503,
  issuer_refused: 502,
  issuer_answer_invalid: 502,
  token_wrong_issuer: 502,
  token_wrong_audience: 502,
  token_not_usable: 502,
};

/** Renders the page that says why somebody is not signed in, and offers to begin again. */
export function renderProblemPage(language: Language, code: SignInFailureCode, returnTo: string): string {
  const { tryAgain, code: codeLabel, failures } = texts[language];
  const { title, text, retry } = failures[code];
  const again = `/sign-in?${new URLSearchParams({ returnTo }).toString()}`;
  return page({
    language,
    title,
    body: html`<h1>${title}</h1>
<p>${text}</p>
${retry && html`<p><a class="jump" href="${again}">${tryAgain}</a></p>`}
<p class="hint">${codeLabel} <code>${code}</code></p>`,
  });
}
