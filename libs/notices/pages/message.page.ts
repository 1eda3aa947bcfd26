import { html } from '#libs/html/index.js';
import type { Language } from '../notice-view.js';
import { texts } from '../texts/index.js';
import { page } from './page.js';

/** The same for a link that never existed, has expired or was withdrawn, so that it tells a stranger nothing. */
export function renderUnknownLinkPage(language: Language): string {
  return messagePage(language, texts[language].unknownLink);
}

/** For a request that could not be served through no fault of the customer. */
export function renderUnavailablePage(language: Language): string {
  return messagePage(language, texts[language].unavailable);
}

function messagePage(language: Language, { title, text }: { title: string; text: string }): string {
  return page({ language, title, body: html`<h1>${title}</h1>\n<p>${text}</p>` });
}
