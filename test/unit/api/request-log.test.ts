import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Body, Controller, Get, type MiddlewareConsumer, Module, type NestModule, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect } from 'chai';
import { type Options, pinoHttp } from 'pino-http';
import { createHttpAdapter } from '../../../apps/api/src/http/http-adapter.js';
import { ProblemFilter } from '../../../apps/api/src/http/problem.filter.js';
import { requestLog } from '../../../apps/api/src/http/request-log.js';
import { waitFor } from '../../support/wait.js';

const secret = 'Zq3xV0s3cr3tK9pLmN2bWcYtRfGhJdEuAoIzXvBnMk1';
const claimId = '0199f3a1-6a7e-4f2c-9d57-0c6f6f0f3b11';

@Controller()
class TrialController {
  @Get('n/:token')
  show(@Param('token') token: string): string {
    if (token.startsWith('broken')) throw new Error('The page is broken.');
    return 'shown';
  }

  @Get('n/:token/evidence/:evidenceId')
  evidence(): string {
    return 'shown';
  }

  @Post('n/:token')
  act(@Body() body: unknown): string {
    return typeof body;
  }

  @Get('v1/claims/:claimId')
  claim(): string {
    return 'read';
  }
}

describe('the request log', () => {
  const written: string[] = [];
  let app: NestFastifyApplication;
  let port: number;

  before(async () => {
    const { pinoHttp: options, forRoutes = [] } = requestLog('debug');
    const stream = { write: (line: string) => void written.push(line) };
    // The middleware itself: its module makes one logger for the whole process, and another test may have been first.
    @Module({ controllers: [TrialController] })
    class TrialModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(pinoHttp(options as Options, stream)).forRoutes(...forRoutes);
      }
    }
    const record = (...said: unknown[]) => void written.push(JSON.stringify(said));
    app = await NestFactory.create<NestFastifyApplication>(TrialModule, createHttpAdapter(), { bufferLogs: true, abortOnError: false });
    app.useLogger({ log: record, error: record, warn: record, debug: record, verbose: record, fatal: record });
    app.useGlobalFilters(new ProblemFilter());
    await app.listen(0, '127.0.0.1');
    port = (app.getHttpServer().address() as { port: number }).port;
  });
  after(() => app?.close());
  beforeEach(() => void written.splice(0));

  async function send(head: string, body = ''): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end(
      `${head}\r\nHost: localhost\r\nAuthorization: Bearer trial\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    return text(socket);
  }

  /** Returns the lines logged for requests; a line may be written after its response. */
  async function requestLines(): Promise<{ req: { method: string; route: string | null; ids: object } }[]> {
    for (let turn = 0; turn < 100 && !written.some((line) => line.includes('"req"')); turn++)
      await new Promise((resolve) => setImmediate(resolve));
    return written.filter((line) => line.includes('"req"')).map((line) => JSON.parse(line) as never);
  }

  it('includes the route and the ids of claims', async () => {
    await send(`GET /v1/claims/${claimId}?q=ann HTTP/1.1`);
    await waitFor('the line about the request', () => written.some((line) => line.includes('"req"')));
    const [line] = await requestLines();
    expect(line!.req).to.deep.include({ method: 'GET', route: '/v1/claims/:claimId', ids: { claimId } });
    expect(written.join('')).not.to.include('ann');
  });

  const encoded = [...secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
  const halves = [secret.slice(0, 20), secret.slice(-20)];
  for (const target of [
    `/n/${secret}`,
    `/n/${secret}?lang=ru`,
    `/n/${secret}/`,
    `/n/${secret}/evidence/${claimId}`,
    `/n/${secret}/nothing`,
    `/n/broken${secret}`,
    `/n/${secret}%zz`,
    `/n/${secret.repeat(20)}`,
    `/n/${secret};v=1`,
    `/n//${secret}`,
    `//n/${secret}`,
    `/N/${secret}`,
    `/%6e/${secret}`,
    `/%6E/${encoded}`,
    `/n/${encoded}`,
    `/n%2f${secret}`,
    `/v1/../n/${secret}`,
    `http://cpor.example/n/${secret}`,
    `https://cpor.example:443/%6e/${encoded}?lang=en`,
    `HTTP://cpor.example/n/${secret}`,
    `${secret}`,
    `/v1/claims/${secret}`,
    `/v1/claims?link=/n/${secret}`,
  ]) {
    for (const method of ['GET', 'HEAD', 'POST', 'PROPFIND', 'OPTIONS']) {
      it(`contains no secret of a link sent as ${method} ${target.slice(0, 60).replaceAll(secret, '{secret}').replaceAll(encoded, '{encoded}')}`, async () => {
        const answer = await send(
          `${method} ${target} HTTP/1.1\r\nReferer: http://cpor.example/n/${secret}\r\nContent-Type: text/plain`,
          'x',
        );
        expect(answer).to.match(/^HTTP\/1.1 [1-5]/);
        await requestLines();
        for (const revealing of [secret, encoded, ...halves]) {
          expect(written.join(''), 'the log').not.to.include(revealing);
          if (answer.includes('application/problem+json')) expect(bodyOf(answer), 'the problem').not.to.include(revealing);
        }
      });
    }
  }

  it('contains no secret of a request that is not HTTP', async () => {
    for (const head of [`GET /n/${secret}`, `GET /n/${secret} HTTP/9.9`, `/n/${secret}`, `GET /n/ ${secret} HTTP/1.1`]) {
      const answer = await send(head);
      expect(`${answer}${written.join('')}`).not.to.include(secret);
    }
  });
});

const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n'));
