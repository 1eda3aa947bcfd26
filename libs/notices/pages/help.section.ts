import { type Html, html } from '#libs/html/index.js';
import type { NoticeView } from '../notice-view.js';
import { texts } from '../texts/index.js';

/** Where to read on and whom to write to. `first` comes before both. */
export function helpSection(
  { language, vendor, explanationPage }: Pick<NoticeView, 'language' | 'vendor' | 'explanationPage'>,
  first?: Html,
): Html {
  const { help } = texts[language];
  const isOurs = vendor.explanationUrl === explanationPage;
  return html`<h2>${help.heading}</h2>
${first}
<p><a href="${explanationPage}?lang=${language}">${help.explanation}</a></p>
${!isOurs && html`<p><a href="${vendor.explanationUrl}" rel="noreferrer">${help.more(vendor.name)}</a></p>`}
<p>${help.contact(vendor.name)}: <a href="mailto:${vendor.contactEmail}">${vendor.contactEmail}</a></p>`;
}
