import { createHash } from 'node:crypto';
import { type Html, html, raw } from '#libs/html/index.js';
import type { Language } from '#libs/notices/index.js';
import { texts } from '../texts/index.js';
import { spanWords } from './instants.js';
import { liveScript } from './live.js';
import { style } from './style.js';
import type { View } from './view.js';
import { addressOf } from './wish.js';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const pagePolicy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(liveScript)}; connect-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5c63"/><path d="M8 16.5l5 5 11-11" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** Clocks of machines differ a little; the sandbox's is moved by hours and days. */
const movedFromMs = 5_000;

export interface Frame {
  title: string;
  /** The address of this page, without what the view's wish adds. */
  path: string;
  /** Which of the two panes a narrow screen shows. */
  shows: 'listing' | 'reading';
  body: Html;
}

export function frame(view: View, { title, path, shows, body }: Frame): string {
  const { wish, publicUrl } = view;
  const words = texts[wish.language];
  const other: Language = wish.language === 'en' ? 'ru' : 'en';
  return html`<!doctype html>
<html lang="${wish.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="/icon.svg">
<style>${raw(style)}</style>
</head>
<body class="${shows}">
<header class="banner">
${shows === 'reading' && html`<a class="skip" href="#mail">${words.skip}</a>\n`}<div class="brand"><span aria-hidden="true">${raw(icon)}</span><p>cpor</p><h1>${words.title}</h1></div>
${clock(view)}
<nav aria-label="cpor">
${publicUrl !== undefined && html`<a href="${publicUrl}/console">${words.console}</a>\n`}<a href="${addressOf(path, wish, { language: other, isLanguageChosen: true })}" hreflang="${other}" lang="${other}">${texts[other].languageName}</a>
</nav>
</header>
<main>
${body}
</main>
<script type="module">${raw(liveScript)}</script>
</body>
</html>
`.toString();
}

function clock({ wish: { language }, clock: { at, isProducts }, instants }: View): Html {
  const words = texts[language].clock;
  const aheadMs = Date.parse(at) - Date.now();
  const isMoved = Math.abs(aheadMs) > movedFromMs;
  const difference = (aheadMs > 0 ? words.ahead : words.behind)(spanWords(Math.round(aheadMs / 1000) * 1000, language));
  return html`<div class="clock">
<p>${isProducts ? words.label : words.unread}: <strong><time datetime="${at}">${instants.long(at)}</time></strong></p>
${isMoved && html`<p><span class="moved">${difference}</span> <span class="quiet">${words.real(instants.medium(new Date().toISOString()))}</span></p>\n`}</div>`;
}
