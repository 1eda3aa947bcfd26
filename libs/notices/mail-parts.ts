import { type Html, html } from '#libs/html/index.js';
import type { Language } from './notice-view.js';

/** A part of a mail. Plain text and HTML are rendered from the same parts, so both always say the same. */
export type Part =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string; isStrong?: boolean }
  | { kind: 'list'; items: string[] }
  | { kind: 'facts'; facts: [label: string, value: string][] }
  | { kind: 'link'; label: string; url: string; shown?: string };

export function heading(text: string): Part {
  return { kind: 'heading', text };
}

export function paragraph(text: string): Part {
  return { kind: 'paragraph', text };
}

/** A rendered mail. Its plain text and its HTML are each complete. */
export interface Mail {
  subject: string;
  text: string;
  html: string;
  textVersion: number;
}

export function mailText(title: string, parts: Part[]): string {
  return `${[title, ...parts.map(partText)].join('\n\n')}\n`;
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return `${part.text}\n${'-'.repeat(part.text.length)}`;
    case 'paragraph':
      return part.text;
    case 'list':
      return part.items.map((item) => `* ${item}`).join('\n');
    case 'facts':
      return part.facts.map(([label, value]) => `${label}: ${value}`).join('\n');
    case 'link':
      return `${part.label}:\n${part.shown ?? part.url}`;
  }
}

/** Renders the HTML form: no tables, no images, nothing fetched; colours are left to the reader's mail program. */
export function mailHtml(language: Language, title: string, parts: Part[]): string {
  const document = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body>
<div lang="${language}" style="max-width:40em;margin:0 auto;padding:1em;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<h1 style="font-size:1.4em;line-height:1.3">${title}</h1>
${parts.map(partHtml)}</div>
</body>
</html>
`;
  return document.toString();
}

function partHtml(part: Part): Html {
  switch (part.kind) {
    case 'heading':
      return html`<h2 style="font-size:1.1em;margin:1.6em 0 0.4em">${part.text}</h2>\n`;
    case 'paragraph':
      return part.isStrong ? html`<p><strong>${part.text}</strong></p>\n` : html`<p>${part.text}</p>\n`;
    case 'list':
      return html`<ul>${part.items.map((item) => html`<li>${item}</li>`)}</ul>\n`;
    case 'facts':
      return html`<p>${part.facts.map(([label, value], index) => html`${index > 0 && html`<br>`}${label}: <b>${value}</b>`)}</p>\n`;
    case 'link':
      return html`<p>${part.label}:<br><a href="${part.url}" style="overflow-wrap:anywhere">${part.shown ?? part.url}</a></p>\n`;
  }
}
