import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DirectoryProvider } from '#libs/directory/index.js';

export interface ServiceCall {
  headers: IncomingMessage['headers'];
  url: string;
  body: { partnerId: string; tenantId: string; identifiers: string[]; at: string };
}

/** What the service does instead of answering. */
export type Misbehaviour = (response: ServerResponse, call: ServiceCall) => void | Promise<void>;

/** Use it for tests of the HTTP provider: a vendor's directory that answers from another provider, and can be made to misbehave. */
export class TestDirectoryService {
  readonly token = 'secret-of-the-directory';
  readonly calls: ServiceCall[] = [];
  /** Misbehaviours of the next calls, one for each. */
  readonly nextMisbehaviours: Misbehaviour[] = [];
  /** Misbehaviour of all later calls. */
  always: Misbehaviour | null = null;
  concurrent = 0;
  maxConcurrent = 0;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly directory: DirectoryProvider) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}/look-up`;
  }

  /** Starts the service; after a stop, on the same port as before. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      this.maxConcurrent = Math.max(this.maxConcurrent, ++this.concurrent);
      response.on('close', () => this.concurrent--);
      this.answer(request, response).catch(() => response.destroy());
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ServiceCall['body'];
    const call = { headers: request.headers, url: request.url!, body };
    this.calls.push(call);
    const misbehave = this.nextMisbehaviours.shift() ?? this.always;
    if (misbehave !== null) return misbehave(response, call);
    const { askedAt: _, ...answer } = await this.directory.lookUp(body);
    sendJson(response, answer);
  }
}

export const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

export const refuse =
  (status: number, headers: Record<string, string> = {}): Misbehaviour =>
  (response) => {
    response.writeHead(status, headers).end('{"error":"name of a person"}');
  };

export const hang: Misbehaviour = () => undefined;

export const dropConnection: Misbehaviour = (response) => {
  response.destroy();
};

/** Replaces the answer. */
export const answerWith =
  (body: unknown): Misbehaviour =>
  (response) =>
    sendJson(response, body);
