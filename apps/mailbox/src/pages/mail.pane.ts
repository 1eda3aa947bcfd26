import { type Html, html } from '#libs/html/index.js';
import type { Message } from '../message.store.js';
import { texts } from '../texts/index.js';
import { languageOfText } from './languages.js';
import type { View } from './view.js';
import { addressOf, type PartName } from './wish.js';

/** The selected mail: who, when, its claim and its links as buttons, then one of its parts. */
export function mailPane(view: View, message: Message): Html {
  const { wish, instants } = view;
  const words = texts[wish.language].message;
  const language = languageOfText(message.subject || message.text, wish.language);
  return html`<article class="mail" id="mail" tabindex="-1" aria-labelledby="subject">
<div class="top">
<a class="back" href="${addressOf('/', { ...wish, page: view.page, part: null })}#mail-${message.id}">← ${words.back}</a>
<h2 id="subject" lang="${language}">${message.subject || words.noSubject}</h2>
<dl class="facts">
<dt>${words.from}</dt><dd>${message.from}</dd>
<dt>${words.to}</dt><dd>${message.to}</dd>
<dt>${words.received}</dt><dd><time datetime="${message.receivedAt}">${instants.long(message.receivedAt)}</time></dd>
${message.deliveries > 1 && html`<dt>${words.deliveries}</dt><dd>${message.deliveries}</dd>\n`}${origin(view, message)}</dl>
${links(view, message)}
</div>
${parts(view, message, language)}
</article>`;
}

/** What a wide screen shows beside the list when no mail is selected. */
export function noMailPane({ wish, all }: View): Html {
  const words = texts[wish.language].message;
  return html`<div class="mail"><p>${all > 0 && words.choose}</p>\n<p class="quiet">${all > 0 && words.about}</p></div>`;
}

export function missingMailPane({ wish }: View): Html {
  const words = texts[wish.language].message;
  return html`<div class="mail" id="mail" tabindex="-1"><div class="top">
<a class="back" href="${addressOf('/', { ...wish, part: null })}">← ${words.back}</a>
<h2>${words.missing}</h2>
<p class="quiet">${words.missingHint}</p>
</div></div>`;
}

function origin({ wish, origins, publicUrl }: View, { messageId }: Message): Html | false {
  const words = texts[wish.language];
  const found = origins.get(messageId);
  if (found === undefined) return false;
  const { claimId, claimNumber, kind } = found;
  return html`<dt>${words.message.kind}</dt><dd>${words.kinds[kind]}</dd>
<dt>${words.message.claim}</dt><dd>${
    publicUrl === undefined
      ? claimNumber
      : html`<a href="${publicUrl}/console/claims/${claimId}" target="_blank" rel="noreferrer">${words.message.openClaim(claimNumber)}${newTab(words)}</a>`
  }</dd>
`;
}

function links({ wish, publicUrl }: View, message: Message): Html | false {
  const words = texts[wish.language];
  if (message.links.length === 0) return false;
  const isCustomerPage = (link: string) => publicUrl !== undefined && link.startsWith(`${publicUrl}/n/`);
  return html`<ul class="links" aria-label="${words.message.links}">
${message.links.map(
  (link) =>
    html`<li><a class="button${isCustomerPage(link) && ' primary'}" href="${link}" target="_blank" rel="noreferrer">${
      isCustomerPage(link) ? words.message.customerPage : shortened(link)
    }${newTab(words)}</a></li>\n`,
)}</ul>`;
}

const newTab = ({ newTab: words }: { newTab: string }): Html =>
  html` <span aria-hidden="true">↗</span><span class="hidden">${words}</span>`;

/** The full address stays in the link. */
function shortened(link: string): string {
  const text = link.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function parts({ wish }: View, message: Message, language: string): Html {
  const { message: words } = texts[wish.language];
  const available: PartName[] = [...(message.html === null ? [] : (['html'] as const)), 'text', 'headers'];
  const shown = wish.part !== null && available.includes(wish.part) ? wish.part : available[0];
  const path = `/view/${message.id}`;
  const tabs = available.map(
    (part) =>
      html`<a href="${addressOf(path, { ...wish, part })}#mail"${part === shown && html` aria-current="page"`}>${words[part]}</a>\n`,
  );
  return html`<nav class="parts" aria-label="${words.parts}">
${tabs}<a class="aside" href="${path}/source" download>${words.download}</a>
</nav>
${part()}`;

  function part(): Html {
    // Links in the mail open a new tab; nothing else leaves the frame.
    if (shown === 'html')
      return html`<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="${words.htmlTitle}" src="${path}/html"></iframe>`;
    if (shown === 'headers') return html`<pre lang="en">${headersOf(message.source)}</pre>`;
    return html`<pre lang="${language}">${message.text}</pre>`;
  }
}

/** The headers end at the first empty line. */
function headersOf(source: Buffer): string {
  const text = source.toString('utf8');
  const end = /\r?\n\r?\n/.exec(text)?.index;
  return text.slice(0, end).replaceAll('\r\n', '\n');
}
