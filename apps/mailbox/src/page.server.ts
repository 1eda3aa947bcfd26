import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Message, MessageStore } from './message.store.js';
import { icon, pagePolicy } from './pages/frame.js';
import type { MailboxPages } from './pages/mailbox.pages.js';
import { previewOf, previewPolicy } from './pages/preview.js';
import { wishOf } from './pages/wish.js';

interface Answer {
  status: number;
  type: string;
  body: string | Buffer;
  policy?: string;
  /** Saved as a file of this name instead of shown. */
  fileName?: string;
}

/**
 * Serves the mailbox to people (`/`, `/view/{id}` with the message's `/html` and `/source`) and to programs (`/messages?to=`, `/messages/{id}`).
 * Read-only.
 */
export function createPageServer(store: MessageStore, pages: MailboxPages): Server {
  return createServer(async (request, response) => {
    try {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      send(response, isRead ? await answer(store, pages, request) : json(405, { error: 'The mailbox is read-only.' }));
    } catch (error) {
      process.stderr.write(`mailbox: ${(error as Error).message}\n`);
      send(response, json(500, { error: 'The message could not be read.' }));
    }
  });
}

async function answer(store: MessageStore, pages: MailboxPages, { url = '/', headers }: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (pathname === '/messages') return json(200, { items: store.list({ to: searchParams.get('to') ?? undefined }) });
  if (pathname === '/count') return json(200, { messages: store.size });
  if (pathname === '/icon.svg') return { status: 200, type: 'image/svg+xml', body: icon };
  const wish = wishOf(searchParams, headers['accept-language']);
  if (pathname === '/') return page(200, await pages.list(wish));
  const [, root, id = '', part] = /^\/(messages|view)\/([0-9a-f]{24})(?:\/(html|source))?$/.exec(pathname) ?? [];
  const message = root === undefined ? null : await store.find(id);
  if (pathname.startsWith('/messages/')) return message === null || part !== undefined ? missing() : json(200, publicParts(message));
  if (message === null) return page(404, await pages.missing(wish));
  if (part === 'source') return { status: 200, type: 'message/rfc822', body: message.source, fileName: `${id}.eml` };
  if (part === undefined) return page(200, await pages.message(wish, message));
  return message.html === null ? page(404, await pages.missing(wish)) : page(200, previewOf(message.html), previewPolicy);
}

function page(status: number, body: string, policy = pagePolicy): Answer {
  return { status, type: 'text/html; charset=utf-8', body, policy };
}

function json(status: number, content: object): Answer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(content)}\n` };
}

/** Programs get no source: the parts say the same. */
function publicParts({ source: _source, ...parts }: Message): Omit<Message, 'source'> {
  return parts;
}

function missing(): Answer {
  return json(404, { error: 'There is no such message.' });
}

function send(response: ServerResponse, { status, type, body, policy = "default-src 'none'", fileName }: Answer): void {
  response
    .writeHead(status, {
      'Content-Type': type,
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      ...(fileName !== undefined && { 'Content-Disposition': `attachment; filename="${fileName}"` }),
    })
    .end(body);
}
