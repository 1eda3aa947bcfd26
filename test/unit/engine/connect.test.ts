import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createClient } from '#libs/engine/index.js';

const unavailable = '14';

/** Speaks just enough gRPC to accept a connection, and answers every call as too busy. */
function answer(stream: ServerHttp2Stream, path: string): void {
  const head = { ':status': 200, 'content-type': 'application/grpc' };
  if (!path.endsWith('/GetSystemInfo')) {
    stream.respond({ ...head, 'grpc-status': unavailable, 'grpc-message': 'busy' }, { endStream: true });
    return;
  }
  stream.respond(head, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  // An empty message.
  stream.end(Buffer.alloc(5));
}

describe('a Temporal client', () => {
  let server: Http2Server;
  let asked: string[];
  const uncaught: Error[] = [];
  const note = (error: Error) => void uncaught.push(error);
  let mochasOwn: NodeJS.UncaughtExceptionListener[];

  beforeEach(async () => {
    asked = [];
    server = createServer().on('stream', (stream, headers) => {
      asked.push(headers[':path']!);
      answer(stream, headers[':path']!);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    mochasOwn = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', note);
  });

  afterEach(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of mochasOwn) process.on('uncaughtException', listener);
    server.close();
  });

  it('can be closed while a call waits for its retry, without an uncatchable exception', async () => {
    const { port } = server.address() as AddressInfo;
    const { client, close } = createClient({ address: `127.0.0.1:${port}`, namespace: 'cpor', apiKey: null, useTls: false }, []);
    const call = client.workflow.getHandle('claim:1').describe();
    const outcome = call.then(
      () => 'answered',
      () => 'failed',
    );
    while (!asked.some((path) => path.endsWith('/DescribeWorkflowExecution'))) await new Promise((resolve) => setTimeout(resolve, 1));
    await close();
    expect(await outcome).to.equal('failed');
    // Longer than any pending retry.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(uncaught).to.deep.equal([]);
  });
});
