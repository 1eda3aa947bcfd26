import { createHash } from 'node:crypto';
import { type Html, html, raw } from '#libs/html/index.js';
import { style } from './style.js';
import { type Language, texts } from './texts.js';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

// A browser also applies form-action to where the answer of a form leads: for the command line, to this machine.
const policy = (script: string): string =>
  `default-src 'none'; style-src ${hashOf(style)}; script-src${script}; form-action 'self' http://127.0.0.1:*; base-uri 'none'; frame-ancestors 'none'`;

/** Sent with every answer. The provider adds the hash of its own script to the pages that submit themselves. */
export const plainPolicy: Record<string, string> = {
  'Content-Security-Policy': policy(''),
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow',
};

/** What a page needs of the answer that it becomes. */
export interface Answer {
  type: string;
  body: unknown;
  set(name: string, value: string): void;
}

interface Asked {
  query: Record<string, string | string[] | undefined>;
  get(name: string): string;
}

const languageOfTag = (tag: unknown): Language => (typeof tag === 'string' && /^ru\b/i.test(tag) ? 'ru' : 'en');

/** Returns the language of `?lang=`, else of the client's `ui_locales`, else of the browser; English for any other. */
export const languageOf = (asked: Asked, locales?: unknown): Language =>
  languageOfTag(asked.query['lang'] ?? locales ?? asked.get('Accept-Language'));

export interface PageContent {
  language: Language;
  title: string;
  body: Html;
  /** Whether a link leads to the page in the other language; not on a page that answers a form. */
  isSwitchable?: boolean;
  /** Runs once the page is there. */
  script?: string;
}

/** Makes an answer the page. */
export function render(answer: Answer, { language, title, body, isSwitchable = false, script }: PageContent): void {
  const other: Language = language === 'en' ? 'ru' : 'en';
  if (script !== undefined) answer.set('Content-Security-Policy', policy(` ${hashOf(script)}`));
  answer.set('Vary', 'Accept-Language');
  answer.type = 'html';
  answer.body = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<header>
<span class="banner">cpor · ${texts[language].sandbox}</span>
${isSwitchable && html`<a href="?lang=${other}" hreflang="${other}" lang="${other}">${texts[other].languageName}</a>`}
</header>
<main>
<h1>${title}</h1>
${body}
</main>
${script !== undefined && html`<script>${raw(script)}</script>`}
</body>
</html>
`.toString();
}
