import { createServer, type Server, type ServerResponse } from 'node:http';
import { listPage, messagePage, missingPage, pagePolicy, partPolicy } from './message.page.js';
import type { MessageStore } from './message.store.js';

interface Answer {
  status: number;
  type: 'text/html' | 'application/json';
  body: string;
  policy?: string;
}

/** Serves the mailbox to people (`/`, `/view/{id}`) and to programs (`/messages?to=`, `/messages/{id}`). Read-only. */
export function createPageServer(store: MessageStore): Server {
  return createServer(async (request, response) => {
    try {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      send(response, isRead ? await answer(store, request.url ?? '/') : json(405, { error: 'The mailbox is read-only.' }));
    } catch (error) {
      process.stderr.write(`mailbox: ${(error as Error).message}\n`);
      send(response, json(500, { error: 'The message could not be read.' }));
    }
  });
}

async function answer(store: MessageStore, target: string): Promise<Answer> {
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  const recipient = searchParams.get('to') ?? undefined;
  if (pathname === '/') return page(200, listPage(store.list(recipient)));
  if (pathname === '/messages') return json(200, { items: store.list(recipient) });
  const [, view, id = '', part] = /^\/(messages|view)\/([0-9a-f]{24})(\/html)?$/.exec(pathname) ?? [];
  const message = view === undefined ? null : await store.find(id);
  if (view === 'messages' && part === undefined) return message === null ? missing() : json(200, message);
  if (message === null || view !== 'view') return pathname.startsWith('/messages/') ? missing() : page(404, missingPage());
  if (part === undefined) return page(200, messagePage(message));
  return message.html === null ? page(404, missingPage()) : page(200, message.html, partPolicy);
}

function page(status: number, body: string, policy = pagePolicy): Answer {
  return { status, type: 'text/html', body, policy };
}

function json(status: number, content: object): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(content)}\n` };
}

function missing(): Answer {
  return json(404, { error: 'There is no such message.' });
}

function send(response: ServerResponse, { status, type, body, policy = "default-src 'none'" }: Answer): void {
  response
    .writeHead(status, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    })
    .end(body);
}
