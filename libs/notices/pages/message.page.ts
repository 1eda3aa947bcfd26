import { html } from '#libs/html/index.js';
import type { Language } from '../notice-view.js';
import { texts } from '../texts/index.js';
import { page } from './page.js';

/** Renders the same page for a link that never existed and for one that is void, so that it reveals nothing to a stranger. */
export function renderUnknownLinkPage(language: Language): string {
  return messagePage(language, texts[language].unknownLink);
}

/** Renders the page for a request that failed through no fault of the customer. */
export function renderUnavailablePage(language: Language): string {
  return messagePage(language, texts[language].unavailable);
}

function messagePage(language: Language, { title, text }: { title: string; text: string }): string {
  return page({ language, title, body: html`<h1>${title}</h1>\n<p>${text}</p>` });
}
