import { type Html, html } from '#libs/html/index.js';
import type { Language } from '../notice-view.js';
import { pageTexts } from '../texts/index.js';
import { page } from './page.js';

/** Where the start page leads to. */
export interface Places {
  console: string;
  explanation: string;
  docs: string;
  openapi: string;
  health: string;
  /** Set in a sandbox; an address is null where it is not known. */
  sandbox: { mailbox: string | null; temporal: string | null } | null;
}

/** Tells a person what this installation is and where to go. */
export function renderStartPage(language: Language, places: Places): string {
  const { start: words } = pageTexts[language];
  const { sandbox } = places;
  const body = html`<h1>${words.title}</h1>
<p>${words.lead}</p>
<h2>${words.places}</h2>
<ul class="places">${[
    place(words.console, places.console),
    place(words.explanation, `${places.explanation}?lang=${language}`),
    place(words.docs, places.docs),
    place(words.openapi, places.openapi),
    place(words.health, places.health),
  ]}</ul>
<p>${words.customer}</p>
${
  sandbox !== null &&
  html`<div class="note" role="note" aria-labelledby="sandbox">
<h2 id="sandbox">${words.sandbox.heading}</h2>
<p>${words.sandbox.text}</p>
<ul class="places">${[place(words.sandbox.mailbox, sandbox.mailbox), place(words.sandbox.temporal, sandbox.temporal)]}</ul>
</div>`
}`;
  return page({ language, title: words.title, banner: 'cpor', body });
}

const place = ({ name, text }: { name: string; text: string }, url: string | null): Html | false =>
  url !== null && html`<li><a href="${url}">${name}</a><p class="hint">${text}</p></li>`;
