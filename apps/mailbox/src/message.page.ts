import { createHash } from 'node:crypto';
import { type Html, html, raw } from '#libs/html/index.js';
import type { Message, MessageSummary } from './message.store.js';

const style = `
:root { color-scheme: light dark; }
body { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem 3rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
ol { list-style: none; margin: 0; padding: 0; }
li.message { padding: 0.75rem 0; border-top: 1px solid #8886; }
li.message a { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1.25rem; } dd { margin: 0; }
pre { padding: 1rem; border: 1px solid #8886; white-space: pre-wrap; font: 0.95rem/1.5 ui-monospace, monospace; }
iframe { width: 100%; height: 48rem; border: 1px solid #8886; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; frame-src 'self'; base-uri 'none'; form-action 'none'`;
/** For the HTML part of a message: any style, no other capability. */
export const partPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

export function listPage(messages: MessageSummary[]): string {
  return page(
    'Mailbox',
    html`<h1>Mailbox</h1>
<p>${messages.length === 0 ? 'No messages yet.' : `${messages.length} ${messages.length === 1 ? 'message' : 'messages'}, newest first.`}</p>
<ol>${messages.map(
      (message) => html`<li class="message"><a href="/view/${message.id}">${message.subject || '(no subject)'}</a><br>
To ${message.to}, <time datetime="${message.receivedAt}">${message.receivedAt}</time>${repeats(message)}</li>
`,
    )}</ol>`,
  );
}

export function messagePage(message: Message): string {
  return page(
    message.subject,
    html`<p><a href="/">All messages</a></p>
<h1>${message.subject || '(no subject)'}</h1>
<dl>
<dt>To</dt><dd>${message.to}</dd>
<dt>From</dt><dd>${message.from}</dd>
<dt>Received</dt><dd><time datetime="${message.receivedAt}">${message.receivedAt}</time>${repeats(message)}</dd>
<dt>Message-ID</dt><dd>${message.messageId}</dd>
</dl>
<h2>Links</h2>
<ul>${message.links.map((link) => html`<li><a href="${link}" rel="noreferrer">${link}</a></li>`)}</ul>
<h2>Text</h2>
<pre>${message.text}</pre>
${message.html !== null && html`<h2>HTML</h2>\n<iframe sandbox title="HTML part" src="/view/${message.id}/html"></iframe>`}`,
  );
}

export function missingPage(): string {
  return page('Not found', html`<h1>Not found</h1>\n<p><a href="/">All messages</a></p>`);
}

function repeats({ deliveries }: MessageSummary): string | false {
  return deliveries > 1 && `, delivered ${deliveries} times`;
}

function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.toString();
}
