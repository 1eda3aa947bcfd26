import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { Proxy } from '../../cluster/proxy.js';

describe('the proxy of the cluster', () => {
  const ends: (() => unknown)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  async function listen(server: Server): Promise<number> {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function api(listener: RequestListener): Promise<number> {
    const server = createHttpServer(listener);
    ends.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return listen(server);
  }

  /** An API that takes a request and dies before it answers. */
  async function dyingApi(onRequest: () => void): Promise<number> {
    const server = createServer((socket) =>
      socket.once('data', () => {
        onRequest();
        socket.resetAndDestroy();
      }),
    );
    ends.push(() => server.close());
    return listen(server);
  }

  /** A port on which nothing listens. */
  async function deadPort(): Promise<number> {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  async function proxyTo(...targets: number[]): Promise<string> {
    const proxy = await Proxy.open(targets);
    ends.push(() => proxy.close());
    return proxy.url;
  }

  const named =
    (name: string): RequestListener =>
    (_near, answer) =>
      answer.end(name);

  const ask = async (url: string, init?: RequestInit): Promise<[number, string]> => {
    const answer = await fetch(url, init);
    return [answer.status, await answer.text()];
  };

  it('asks two APIs in turn', async () => {
    const url = await proxyTo(await api(named('one')), await api(named('two')));
    const answers = [];
    for (let times = 0; times < 4; times++) answers.push((await ask(url))[1]);
    expect(answers).to.deep.equal(['one', 'two', 'one', 'two']);
  });

  it('sends a request whose connection was refused to the other API, with its body', async () => {
    const echo: RequestListener = (near, answer) => void near.pipe(answer);
    const url = await proxyTo(await deadPort(), await api(echo));
    for (const body of ['first', 'second']) expect(await ask(url, { method: 'POST', body })).to.deep.equal([200, body]);
    const chunks = new Blob(['in ', 'chunks']).stream();
    expect(await ask(url, { method: 'POST', body: chunks, duplex: 'half' })).to.deep.equal([200, 'in chunks']);
  });

  it('never sends a request again that an API has received', async () => {
    let received = 0;
    const dying = await dyingApi(() => received++);
    const other = await api((_near, answer) => {
      received++;
      answer.end();
    });
    const url = await proxyTo(dying, other);
    const [status] = await ask(url, { method: 'POST', body: 'a claim' });
    expect({ status, received }).to.deep.equal({ status: 502, received: 1 });
  });

  it('says so when no API accepts connections', async () => {
    const url = await proxyTo(await deadPort(), await deadPort());
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '1']);
  });

  it('tells the API who called, and not what the caller says about that', async () => {
    let seen: IncomingMessage['headers'] = {};
    const url = await proxyTo(
      await api((near, answer) => {
        seen = near.headers;
        answer.end();
      }),
    );
    await fetch(url, {
      headers: { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https', Forwarded: 'for=203.0.113.9', 'If-Match': '"3"' },
    });
    expect(seen).to.include({ 'x-forwarded-for': '127.0.0.1', host: new URL(url).host, 'if-match': '"3"' });
    expect(seen).not.to.have.any.keys('x-forwarded-proto', 'forwarded');
  });

  it('passes on status and headers, repeated ones included', async () => {
    const url = await proxyTo(
      await api((_near, answer) => {
        answer.writeHead(
          303,
          [
            ['Location', '/console'],
            ['Set-Cookie', 'a=1'],
            ['Set-Cookie', 'b=2'],
          ].flat(),
        );
        answer.end();
      }),
    );
    const answer = await fetch(url, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location'), answer.headers.getSetCookie()]).to.deep.equal([303, '/console', ['a=1', 'b=2']]);
  });

  it('passes an event stream on as it comes, and ends it when either side leaves', async () => {
    let isLeft: Promise<unknown> = Promise.resolve();
    let cut: () => void = () => undefined;
    const url = await proxyTo(
      await api((near, answer) => {
        isLeft = once(answer, 'close');
        cut = () => answer.destroy();
        answer.writeHead(200, { 'content-type': 'text/event-stream' });
        answer.flushHeaders();
        near.once('close', () => undefined);
        setImmediate(() => answer.write('data: 1\n\n'));
      }),
    );
    const first = await stream(url);
    expect(await first.next()).to.equal('data: 1\n\n');
    first.leave();
    await isLeft;
    const second = await stream(url);
    expect(await second.next()).to.equal('data: 1\n\n');
    cut();
    expect(await second.next()).to.be.instanceOf(Error);
  });

  /** Reads an answer as it arrives. */
  async function stream(url: string): Promise<{ next(): Promise<unknown>; leave(): void }> {
    const asking = request(url).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    answer.setEncoding('utf8');
    return {
      next: () =>
        once(answer, 'data').then(
          ([chunk]) => chunk as unknown,
          (error: unknown) => error,
        ),
      leave: () => asking.destroy(),
    };
  }
});
