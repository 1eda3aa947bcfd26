import { type Html, html } from '#libs/html/index.js';
import type { MessageSummary } from '../message.store.js';
import { texts } from '../texts/index.js';
import { languageOfText } from './languages.js';
import type { View } from './view.js';
import { addressOf } from './wish.js';

/** The list beside the mail: search, filter by recipient, one page of mails. `path` is the address of the page that it stands on. */
export function listPane(view: View, path: string, selected: string | null): Html {
  const { wish, messages, matching, firstPosition, pages } = view;
  const { list } = texts[wish.language];
  const count = pages > 1 ? list.range(firstPosition, firstPosition + messages.length - 1, matching) : list.count(matching);
  return html`<section class="mails" aria-labelledby="mails">
${search(view)}
<div class="bar"><h2 id="mails">${list.heading}<span>${count}</span></h2><span class="news" role="status"><span id="news" data-messages="${view.all}" hidden>${list.news}</span></span><a href="${addressOf(path, wish)}">${list.refresh}</a></div>
${messages.length === 0 ? empty(view) : html`<ol class="list">\n${messages.map((message) => item(view, message, message.id === selected))}</ol>`}
${pages > 1 && pager(view, path)}</section>`;
}

function search({ wish, recipients }: View): Html {
  const { search: words } = texts[wish.language];
  const isKnown = recipients.some(({ address }) => address.toLowerCase() === wish.to.toLowerCase());
  return html`<form class="search" role="search" action="/">
<div class="field"><label for="q">${words.label}</label><input id="q" name="q" type="search" value="${wish.words}" autocomplete="off"></div>
<div class="field beside"><label for="to">${words.recipient}</label><select id="to" name="to">
<option value="">${words.everyone}</option>
${!isKnown && wish.to !== '' && html`<option value="${wish.to}" selected>${wish.to}</option>\n`}${recipients.map(
  ({ address, messages }) =>
    html`<option value="${address}"${address.toLowerCase() === wish.to.toLowerCase() && html` selected`}>${words.recipientOf(address, messages)}</option>\n`,
)}</select></div>
${wish.isLanguageChosen && html`<input type="hidden" name="lang" value="${wish.language}">\n`}<div class="actions"><button class="button">${words.submit}</button>${
    (wish.to !== '' || wish.words !== '') &&
    html`<a class="button" href="${addressOf('/', { ...wish, to: '', words: '', page: null, part: null })}">${words.clear}</a>`
  }</div>
</form>`;
}

function item({ wish, clock, instants, origins }: View, message: MessageSummary, isSelected: boolean): Html {
  const words = texts[wish.language];
  const origin = origins.get(message.messageId);
  const about = [
    ...(origin === undefined ? [] : [words.kinds[origin.kind]]),
    ...(message.deliveries > 1 ? [words.list.repeated(message.deliveries)] : []),
  ];
  const address = `${addressOf(`/view/${message.id}`, { ...wish, page: null })}#mail-${message.id}`;
  return html`<li id="mail-${message.id}"${isSelected && html` class="selected"`}>
<div class="line quiet"><span><span class="hidden">${words.list.to}</span> ${message.to}</span> <time datetime="${message.receivedAt}">${instants.short(message.receivedAt, clock.at)}</time></div>
<a href="${address}"${isSelected && html` aria-current="true"`} lang="${languageOfText(message.subject, wish.language)}">${message.subject || words.message.noSubject}</a>
<div class="line quiet"><span class="kind">${about.join(', ')}</span><span class="hidden"> ${words.list.from} ${message.from}</span></div>
</li>
`;
}

function empty({ wish, all }: View): Html {
  const { list, message } = texts[wish.language];
  if (all === 0) return html`<div class="empty"><p>${list.none}</p><p>${message.about}</p></div>`;
  return html`<div class="empty"><p>${list.noneMatches}</p></div>`;
}

function pager({ wish, page, pages }: View, path: string): Html {
  const { list } = texts[wish.language];
  const to = (target: number) => addressOf(path, { ...wish, page: target });
  return html`<nav class="pages" aria-label="${list.pages}">
${page > 1 ? html`<a href="${to(page - 1)}" rel="prev">← ${list.newer}</a>` : html`<span></span>`}
${page < pages && html`<a href="${to(page + 1)}" rel="next">${list.older} →</a>`}
</nav>
`;
}
