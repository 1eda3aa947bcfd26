import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** They belong to one connection, and a proxy has two (RFC 9110, 7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
/** What a caller says about itself, and what a trusted proxy alone may say. */
const isForwarding = (name: string): boolean => name === 'forwarded' || name.startsWith('x-forwarded-');

/**
 * The one address of several APIs, which take turns. A request goes to another API only if the first refused the connection: then nothing of it
 * was sent. Whatever was sent is never repeated, because only the caller knows whether it may be: it gets 502, or a cut connection.
 */
export class Proxy {
  private turn = 0;

  private constructor(
    private readonly server: Server,
    /** Ports of APIs on the loopback address; may change at any time. */
    readonly targets: number[],
  ) {}

  static async open(targets: number[], port = 0): Promise<Proxy> {
    // A file may take long to arrive and a stream of events to end: limits belong to the API.
    const server = createServer({ requestTimeout: 0 });
    const proxy = new Proxy(server, targets);
    server.on('request', (near, answer) => proxy.forward(near, answer, proxy.inTurn()));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** All targets, beginning with the next one. */
  private inTurn(): number[] {
    const from = this.turn++ % Math.max(1, this.targets.length);
    return [...this.targets.slice(from), ...this.targets.slice(0, from)];
  }

  private forward(near: IncomingMessage, answer: ServerResponse, [port, ...others]: number[]): void {
    if (port === undefined) return refuse(answer, 503);
    const { method, url: path, socket } = near;
    const isChunked = near.headers['transfer-encoding'] !== undefined;
    const headers = {
      ...headersOf(near),
      ...(isChunked && { 'transfer-encoding': 'chunked' }),
      'x-forwarded-for': socket.remoteAddress ?? '',
    };
    // A connection of its own, so that "refused" means "not sent".
    const far = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
    const leave = () => far.destroy();
    answer.once('close', leave);
    far.once('socket', (connecting) => connecting.once('connect', () => near.pipe(far)));
    far.on('error', (error: NodeJS.ErrnoException) => {
      answer.off('close', leave);
      if (error.code === 'ECONNREFUSED') this.forward(near, answer, others);
      else refuse(answer, 502);
    });
    far.once('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, headersOf(response));
      // The head of an event stream must not wait for its first event.
      answer.flushHeaders();
      response.pipe(answer);
      response.once('error', () => answer.destroy());
    });
  }
}

/** Returns the headers that are passed on. A repeated header, such as Set-Cookie, is an array. */
function headersOf(message: IncomingMessage): Record<string, string | string[]> {
  const named = new Set((message.headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  const passed = Object.entries(message.headersDistinct).filter(([name]) => !hopByHop.has(name) && !named.has(name) && !isForwarding(name));
  return Object.fromEntries(passed.map(([name, values = []]) => [name, values.length === 1 ? values[0]! : values]));
}

/** Says that no API has answered, or cuts an answer that had begun. */
function refuse(answer: ServerResponse, status: 502 | 503): void {
  if (answer.headersSent) {
    answer.destroy();
    return;
  }
  answer.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    connection: 'close',
    ...(status === 503 && { 'retry-after': '1' }),
  });
  answer.end(status === 503 ? 'No API accepts connections.\n' : 'The API did not answer.\n');
}
