import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ClientOptions, type Cpor, createClient } from '@cpor/client';

export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answer = (response: ServerResponse, request: Received) => void;

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  json(
    status,
    {
      type: `/problems/${code}`,
      title: code,
      status,
      code,
      detail: 'What is wrong.',
      remedy: 'What to do.',
      instance: '/',
      requestId: 'r-1',
    },
    { 'content-type': 'application/problem+json', ...headers },
  );

/** Breaks the connection: without an answer, or in the middle of one. */
export const hangUp: Answer = (response) => void response.destroy();
export const breakOff: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"claimId":');
  setTimeout(() => response.destroy(), 20);
};

/** Use it for what a client does with answers that a healthy API gives rarely: a server on a socket that gives them in the order of the script. */
export class ScriptedServer {
  readonly received: Received[] = [];
  private answers: Answer[] = [];
  private readonly server = createServer((request, response) => {
    void text(request).then((body) => {
      const received = { method: request.method!, url: request.url!, headers: request.headers, body };
      this.received.push(received);
      const answer = this.answers.shift() ?? problem(500, 'not_in_the_script');
      answer(response, received);
    });
  });
  baseUrl = '';

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.baseUrl = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  /** Sets the next answers, and returns a client that has not called yet. */
  script(answers: Answer[], options: Partial<ClientOptions> = {}): Cpor {
    this.received.length = 0;
    this.answers = answers;
    return createClient({ baseUrl: this.baseUrl, token: 'secret', ...options });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
