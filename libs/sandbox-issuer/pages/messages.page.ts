import { html, raw } from '#libs/html/index.js';
import { type Answer, render } from './page.js';
import { type Language, texts } from './texts.js';

export interface Fault {
  /** A code of OAuth, or one of our own. */
  code: string;
  /** In English, as the provider words it. */
  detail?: string | undefined;
  homeUrl: string;
}

/** Says why a sign-in cannot go on, and leads back to the product. */
export function renderFault(answer: Answer, language: Language, { code, detail, homeUrl }: Fault): void {
  const words = texts[language];
  const known = (words.faults as Record<string, string>)[code];
  render(answer, {
    language,
    title: words.faultTitle,
    body: html`<p>${known ?? words.otherFault}</p>
${known === undefined && html`<p class="code"><code>${code}</code> ${detail !== undefined && html`<span lang="en">${detail}</span>`}</p>`}
<p><a href="${homeUrl}/">${words.home}</a></p>`,
  });
}

export interface Leaving {
  /** The provider's form, which the button submits. */
  form: string;
  /** Whether the console asked for this person's log-out, so that the page submits itself. */
  isExpected: boolean;
  homeUrl: string;
}

const submit = "document.querySelector('button').click();";

/** Asks whether to sign out. */
export function renderLeave(answer: Answer, language: Language, { form, isExpected, homeUrl }: Leaving): void {
  const words = texts[language];
  render(answer, {
    language,
    title: words.leaveTitle,
    ...(isExpected && { script: submit }),
    body: html`${raw(form)}
<p>${words.leaveHint}</p>
<p class="actions"><button form="op.logoutForm" name="logout" value="yes">${words.leave}</button></p>
<p><a href="${homeUrl}/">${words.home}</a></p>`,
  });
}

/** Says that nobody is signed in any more. */
export function renderLeft(answer: Answer, language: Language, homeUrl: string): void {
  const words = texts[language];
  render(answer, { language, title: words.leftTitle, body: html`<p><a href="${homeUrl}/">${words.home}</a></p>` });
}
