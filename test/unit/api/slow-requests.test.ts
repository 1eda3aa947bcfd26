import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect } from 'chai';
import { ByteBudget } from '../../../apps/api/src/http/byte-budget.js';
import { createHttpAdapter, type HttpAdapterOptions } from '../../../apps/api/src/http/http-adapter.js';
import { ProblemFilter } from '../../../apps/api/src/http/problem.filter.js';

@Controller()
class TrialController {
  @Post('orders')
  order(@Body() body: object): object {
    return { received: Object.keys(body) };
  }
}

@Module({ controllers: [TrialController] })
class TrialModule {}

const never = { headersMs: 60_000, requestMs: 60_000, checkMs: 20 };
const large = 100_000;

describe('a request that arrives slowly', () => {
  const apps: NestFastifyApplication[] = [];
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });

  async function listen(options: HttpAdapterOptions): Promise<number> {
    const app = await NestFactory.create<NestFastifyApplication>(TrialModule, createHttpAdapter({ arrival: never, ...options }), {
      logger: false,
    });
    apps.push(app);
    app.useGlobalFilters(new ProblemFilter());
    await app.listen(0, '127.0.0.1');
    return (app.getHttpServer().address() as { port: number }).port;
  }

  /** Sends bytes, leaves the connection open, and returns everything that is answered until the server closes it. */
  function send(port: number, bytes: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.write(bytes);
    return text(socket);
  }

  const head = (length: number) =>
    `POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  const closing = (request: string) => request.replace('Host', 'Connection: close\r\nHost');
  const timedOut = /^HTTP\/1\.1 408 [^]*application\/problem\+json[^]*"code":"request_timeout"/;

  it('is answered with 408 if its body takes too long, and the connection is closed', async () => {
    const port = await listen({ bodyMs: 50 });
    expect(await send(port, `${head(20)}{"a":`)).to.match(timedOut);
    expect(
      await send(port, 'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'),
    ).to.match(timedOut);
  });

  it('is answered with 408 if its headers take too long', async () => {
    const port = await listen({ arrival: { ...never, headersMs: 50 } });
    expect(await send(port, 'POST /orders HTTP/1.1\r\nHost: local')).to.match(timedOut);
  });

  it('is answered with 408 if the whole request takes too long, even if each body may take longer', async () => {
    const port = await listen({ arrival: { headersMs: 50, requestMs: 50, checkMs: 20 } });
    expect(await send(port, `${head(20)}{"a":`)).to.match(timedOut);
  });

  it('ends nothing but itself if its body was refused unread', async () => {
    const port = await listen({ bodyMs: 20 });
    const refused = await send(port, closing(head(20)).replace('application/json', 'application/xml'));
    expect(refused).to.match(/^HTTP\/1\.1 415 /);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await send(port, `${closing(head(7))}{"a":1}`)).to.match(/^HTTP\/1\.1 201 /);
  });

  it('does not keep the budget from others: when slow senders hold all of it, the next one gets its turn', async () => {
    const port = await listen({ bodyMs: 100, bodyBudget: new ByteBudget(2 * large, 60_000) });
    const slow = [send(port, head(large)), send(port, head(large))];
    const body = JSON.stringify({ a: 'x'.repeat(large - 10) });
    const quick = send(port, `${closing(head(body.length))}${body}`);
    for (const answer of await Promise.all(slow)) expect(answer).to.match(timedOut);
    expect(await quick).to.match(/^HTTP\/1\.1 201 [^]*\{"received":\["a"\]\}/);
  });
});
