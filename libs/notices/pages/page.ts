import { createHash } from 'node:crypto';
import { type Html, html, raw } from '#libs/html/index.js';
import type { Language } from '../notice-view.js';
import { texts } from '../texts/index.js';
import { style } from './style.js';

const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;

/** Sent with every page: it fetches nothing, is never framed, cached or sent as a referrer, and its forms post to its own origin. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src '${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex, nofollow',
};

/** Sent with pages that are the same for everyone and may be kept for five minutes. */
export const publicPageHeaders: Readonly<Record<string, string>> = {
  ...pageHeaders,
  'Cache-Control': 'public, max-age=300',
  'X-Robots-Tag': 'all',
};

/** Returns the language for a tag such as `ru-RU`, or for an Accept-Language header; English for any other, or none. */
export function languageOf(tag: string | undefined): Language {
  return /^ru\b/i.test(tag ?? '') ? 'ru' : 'en';
}

export interface PageContent {
  language: Language;
  title: string;
  /** The vendor's name; left out where it would reveal something to a stranger. */
  banner?: string;
  /** The heading of the fault that the page reports; the window title begins with it. */
  fault?: string;
  body: Html;
}

export function page({ language, title, banner, fault, body }: PageContent): string {
  const other: Language = language === 'en' ? 'ru' : 'en';
  const document = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${fault !== undefined && `${fault}: `}${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<header>
<span class="banner">${banner}</span>
<a href="?lang=${other}" hreflang="${other}" lang="${other}">${texts[other].languageName}</a>
</header>
<main>
${body}
</main>
</body>
</html>
`;
  return document.toString();
}
