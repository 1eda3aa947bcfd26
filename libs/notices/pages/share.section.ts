import { type Html, html } from '#libs/html/index.js';
import { formatInstant } from '../instant.js';
import type { NoticeView } from '../notice-view.js';
import { pageTexts } from '../texts/index.js';

type Shared = Pick<NoticeView, 'language' | 'copyUrl'>;

/** Offers the copy for reading: to a colleague by mail, or for printing. The mail never holds the link that answers (ADR 30). */
export function shareSection({ language, copyUrl }: Shared, title: string): Html | false {
  if (copyUrl === undefined) return false;
  const { share } = pageTexts[language];
  const url = `${copyUrl}?lang=${language}`;
  const subject = encodeURIComponent(share.subject(title));
  const content = encodeURIComponent(share.body(title, url).replaceAll('\n', '\r\n'));
  return html`<section class="share" aria-labelledby="share">
<h2 id="share">${share.heading}</h2>
<p>${share.text}</p>
<p class="tool"><a href="mailto:?subject=${subject}&body=${content}">${share.mail}</a></p>
<p class="tool"><a href="${url}">${share.open}</a></p>
<p class="hint">${share.answer}</p>
</section>`;
}

/** Says at the top of a copy what it is, and as of when. */
export function copyBox({ language, zone }: Pick<NoticeView, 'language' | 'zone'>, asOf: string): Html {
  const { copy } = pageTexts[language];
  return html`<div class="note" role="note" aria-labelledby="copy">
<p id="copy"><strong>${copy.heading}</strong></p>
<p>${copy.text}</p>
<p class="hint">${copy.asOf} <time datetime="${asOf}">${formatInstant(asOf, zone, language)}</time></p>
</div>`;
}
