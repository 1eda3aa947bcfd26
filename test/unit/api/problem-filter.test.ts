import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Body, Controller, Get, HttpException, Module, Param, Post, Query, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect } from 'chai';
import { z } from 'zod';
import { issuerKeys, mintSandboxToken, type Principal, type Role, type Scope, verifyToken } from '#libs/auth/index.js';
import { Problem, problemCatalogue } from '#libs/problems/index.js';
import { Allow, CurrentPrincipal, CurrentScope, Public } from '../../../apps/api/src/auth/access.decorator.js';
import { AuthModule } from '../../../apps/api/src/auth/auth.module.js';
import { ProblemFilter } from '../../../apps/api/src/http/problem.filter.js';
import { ProblemsController } from '../../../apps/api/src/problems/problems.controller.js';
import { ByteBudget } from '../../../apps/api/src/http/byte-budget.js';
import { createHttpAdapter, type HttpAdapterOptions } from '../../../apps/api/src/http/http-adapter.js';
import { RequestValidationPipe } from '../../../apps/api/src/http/validation.pipe.js';
import { IssuerModule } from '../../../apps/api/src/sandbox/issuer.module.js';

const Order = z.strictObject({
  name: z.string().min(1),
  lines: z.array(
    z.object({ 'a/b': z.string().refine((value) => value === 'x', { error: 'must be x', params: { code: 'tenant_id_invalid' } }) }),
  ),
});
const Paging = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), tenantId: z.array(z.guid()).optional() });
const Advance = z.union([
  z.strictObject({
    by: z.string().transform((value, context) => {
      if (value.startsWith('P')) return value;
      context.addIssue({ code: 'custom', message: 'Must be a duration such as P7D' });
      return z.NEVER;
    }),
  }),
  z.strictObject({ to: z.iso.datetime() }),
]);

@Controller('trials')
class TrialController {
  @Get('public')
  @Public()
  open(@Query({ schema: Paging }) paging: z.output<typeof Paging>) {
    return paging;
  }

  @Get('refused')
  @Public()
  refused() {
    throw new Problem('not_in_phase', { detail: 'Line 1 is in review.', members: { phase: 'under_review', allowedActions: ['comment'] } });
  }

  @Get('broken')
  @Public()
  broken() {
    throw new Error('connect ECONNREFUSED postgres://cpor_app:hunter2@db');
  }

  @Get('nest/:status')
  @Public()
  nest(@Param('status') status: string) {
    throw new HttpException('inner words', Number(status));
  }

  @Post('orders')
  @Public()
  order(@Body({ schema: Order }) body: z.output<typeof Order>) {
    return body;
  }

  @Post('advances')
  @Public()
  advance(@Body({ schema: Advance }) body: z.output<typeof Advance>) {
    return body;
  }

  @Post('ids/:id')
  @Public()
  id(@Param('id', { schema: z.uuid() }) id: string) {
    return { id };
  }

  @Get('mine')
  @Allow('claims.create')
  mine(@CurrentPrincipal() principal: Principal, @CurrentScope() scope: Scope) {
    return { subject: principal.subject, scope };
  }
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  list() {
    return {};
  }

  @Get('open')
  @Public()
  open() {
    return {};
  }
}

const requestId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown> & { errors?: unknown[] };
}

describe('the API', () => {
  let directory: string;
  let app: NestFastifyApplication;
  const issuer = 'http://127.0.0.1:3000/sandbox/issuer';

  async function create(
    controllers: Type[],
    oidc = { issuer, audience: 'cpor', isEmbedded: true },
    http: HttpAdapterOptions = { bodyLimit: 2_000 },
  ): Promise<NestFastifyApplication> {
    const config = { oidc, dataDirectory: directory };
    @Module({ imports: [AuthModule.forRoot(config), IssuerModule.forRoot(config)], controllers })
    class TrialModule {}
    const created = await NestFactory.create<NestFastifyApplication>(TrialModule, createHttpAdapter(http), {
      logger: false,
      abortOnError: false,
    });
    created.useGlobalFilters(new ProblemFilter());
    created.useGlobalPipes(new RequestValidationPipe());
    return created;
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cpor-http-'));
    app = await create([TrialController, ProblemsController]);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  after(async () => {
    await app.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function send(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const type = payload === undefined ? {} : { 'content-type': 'application/json' };
    const response = await app.inject({
      method,
      url,
      headers: { ...type, ...headers },
      ...(payload === undefined ? {} : { payload: text }),
    });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  }

  function expectProblem({ status, headers, body }: Answer, expectedStatus: number, code: string): void {
    expect([status, body['status'], body['code'], body['type']]).to.deep.equal([expectedStatus, expectedStatus, code, `/problems/${code}`]);
    expect(headers['content-type']).to.match(/^application\/problem\+json/);
    expect(body['requestId']).to.match(requestId).and.equal(headers['request-id']);
  }

  it('asks the caller to retry a large body while there is no room for it, but always accepts a small one', async () => {
    const bodyBudget = new ByteBudget(200_000, 10);
    const busy = await create([TrialController], undefined, { bodyLimit: 200_000, bodyBudget });
    await busy.init();
    await busy.getHttpAdapter().getInstance().ready();
    const order = (name: string) => busy.inject({ method: 'POST', url: '/trials/orders', payload: { name, lines: [] } });
    const release = await bodyBudget.hold(200_000);
    const refused = await order('x'.repeat(100_000));
    expect([refused.statusCode, refused.json<Record<string, unknown>>()['code']]).to.deep.equal([503, 'service_unavailable']);
    expect(refused.headers['retry-after']).to.equal('5');
    expect((await order('x')).statusCode).to.equal(201);
    release();
    for (let round = 0; round < 4; round += 1) expect((await order('x'.repeat(100_000))).statusCode).to.equal(201);
    await busy.close();
  });

  it('answers a refusal with its members and the path without the query', async () => {
    const answer = await send('GET', '/trials/refused?token=secret');
    expectProblem(answer, 409, 'not_in_phase');
    const { detail, instance, phase, allowedActions } = answer.body;
    expect({ detail, instance, phase, allowedActions }).to.deep.equal({
      detail: 'Line 1 is in review.',
      instance: '/trials/refused',
      phase: 'under_review',
      allowedActions: ['comment'],
    });
  });

  it('lists every shape error with its JSON Pointer', async () => {
    const answer = await send('POST', '/trials/orders', { lines: [{ 'a/b': 'x' }, { 'a/b': 'y' }], 'no~te': 1 });
    expectProblem(answer, 422, 'invalid_request');
    expect(answer.body.errors).to.deep.equal([
      { field: 'name', pointer: '/name', code: 'required', message: 'This field is required' },
      { field: 'a/b', pointer: '/lines/1/a~1b', code: 'tenant_id_invalid', message: 'must be x' },
      { field: 'no~te', pointer: '/no~0te', code: 'unknown_field', message: 'Unknown field' },
    ]);
    expect(answer.body['detail']).to.equal('/name: This field is required. And 2 more.');
  });

  it('reports a faulty query or path parameter by its name', async () => {
    const query = await send('GET', '/trials/public?limit=0');
    expectProblem(query, 422, 'invalid_request');
    expect(query.body.errors).to.deep.equal([{ field: 'limit', code: 'too_small', message: 'Too small: expected number to be >=1' }]);
    const path = await send('POST', '/trials/ids/7');
    expect(path.body.errors).to.deep.equal([
      { field: 'id', code: 'invalid_format', message: 'Must be a UUID such as 7d1b5a0c-9f3e-4c57-8f0a-2b6f1c0e9a31' },
    ]);
  });

  const unreadable: [string, string | undefined, Record<string, string>, number, string][] = [
    ['a body that is not JSON', '{"name":', {}, 400, 'malformed_body'],
    ['an empty JSON body', '', {}, 400, 'malformed_body'],
    ['a foreign media type', '<a/>', { 'content-type': 'application/xml' }, 415, 'unsupported_media_type'],
    ['a body over the limit', JSON.stringify({ name: 'x'.repeat(3_000) }), {}, 413, 'payload_too_large'],
    ['no body at all', undefined, {}, 422, 'invalid_request'],
  ];
  for (const [what, payload, headers, status, code] of unreadable) {
    it(`answers ${what} with ${code}`, async () => expectProblem(await send('POST', '/trials/orders', payload, headers), status, code));
  }

  it('answers an unknown address with not_found', async () => {
    expectProblem(await send('GET', '/nowhere'), 404, 'not_found');
    expectProblem(await send('GET', '/trials/%zz'), 404, 'not_found');
  });

  it('sends the request id with successful responses too', async () =>
    expect((await send('GET', '/trials/public')).headers['request-id']).to.match(requestId));

  for (const [status, code] of [
    [404, 'not_found'],
    [429, 'too_many_requests'],
    [503, 'service_unavailable'],
    [418, 'invalid_request'],
    [504, 'internal_error'],
  ] as const) {
    it(`answers the framework's ${status} with ${code}, in the words of the catalogue`, async () => {
      const answer = await send('GET', `/trials/nest/${status}`);
      expectProblem(answer, problemCatalogue[code].status, code);
      expect(JSON.stringify(answer.body)).not.to.contain('inner words');
    });
  }

  it('reports errors against the intended shape if several are possible', async () => {
    const errorsOf = async (body: unknown) => (await send('POST', '/trials/advances', JSON.stringify(body))).body['errors'];
    expect(await errorsOf({ by: '1Y' })).to.deep.equal([
      { field: 'by', pointer: '/by', code: 'custom', message: 'Must be a duration such as P7D' },
    ]);
    expect(await errorsOf({ to: 'tomorrow' })).to.deep.equal([
      { field: 'to', pointer: '/to', code: 'invalid_format', message: 'Must be an instant such as 2026-12-01T09:00:00Z' },
    ]);
  });

  it('reports a word where a number is expected, and a repeated parameter', async () => {
    const errorsOf = async (query: string) => (await send('GET', `/trials/public?${query}`)).body['errors'];
    expect(await errorsOf('limit=abc')).to.deep.equal([{ field: 'limit', code: 'invalid_type', message: 'Must be a number' }]);
    const [error] = (await errorsOf('tenantId=x&tenantId=y')) as Record<string, unknown>[];
    expect(error).to.include({ field: 'tenantId' }).and.not.have.property('pointer');
  });

  it('answers an unknown error without revealing its text', async () => {
    const answer = await send('GET', '/trials/broken');
    expectProblem(answer, 500, 'internal_error');
    expect(JSON.stringify(answer)).not.to.match(/hunter2|ECONNREFUSED|postgres/);
  });

  it('serves the page that a problem type points to', async () => {
    const { status, body } = await send('GET', '/problems/evidence_stale');
    expect([status, body['code'], body['status']]).to.deep.equal([200, 'evidence_stale', 409]);
    expectProblem(await send('GET', '/problems/none'), 404, 'not_found');
    expect((await send('GET', '/problems')).body['items']).to.have.length.above(70);
  });

  const bearer = async (roles: Role[], audience = 'cpor') => {
    const token = {
      dataDirectory: directory,
      issuer,
      audience,
      roles,
      subject: 'ada',
      partner: 'evergreen',
      locations: ['1240371'],
      lifetimeSeconds: 60,
    };
    return { authorization: `Bearer ${await mintSandboxToken(token)}` };
  };

  it('admits a caller with the permission and passes on its scope', async () => {
    const { status, body } = await send('GET', '/trials/mine', undefined, await bearer(['reviewer', 'claim_user']));
    expect([status, body]).to.deep.equal([
      200,
      { subject: 'ada', scope: { kind: 'partner', accountId: 'evergreen', locations: ['1240371'] } },
    ]);
  });

  it('challenges a caller without a token', async () => {
    const answer = await send('GET', '/trials/mine');
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers['www-authenticate']).to.equal('Bearer realm="cpor"');
    expectProblem(await send('GET', '/trials/mine', undefined, { authorization: 'Basic YTpi' }), 401, 'unauthenticated');
  });

  it('states in the challenge what is wrong with a token', async () => {
    const answer = await send('GET', '/trials/mine', undefined, await bearer(['claim_user'], 'payroll'));
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers['www-authenticate']).to.match(
      /^Bearer realm="cpor", error="invalid_token", error_description="The token is not meant/,
    );
  });

  it('names the required roles to a caller who lacks them', async () => {
    const answer = await send('GET', '/trials/mine', undefined, await bearer(['reviewer']));
    expectProblem(answer, 403, 'forbidden');
    expect(answer.body['allowedRoles']).to.deep.equal(['claim_admin', 'claim_user']);
    expect(answer.body['detail']).to.equal('This requires the permission claims.create, but the token has only the role reviewer.');
  });

  it('does not start if an endpoint has no access rule', async () => {
    const forgetful = await create([ForgottenController]);
    const outcome = await forgetful.init().then(
      () => 'started',
      (error: Error) => error.message,
    );
    await forgetful.close();
    expect(outcome).to.equal('Endpoints without @Allow, @AllowAnyone or @Public:\n  GET ForgottenController.list');
  });

  it('publishes the embedded issuer so that its tokens can be verified by discovery alone', async () => {
    // The issuer's address contains the port, so the port is chosen before the application is created.
    const probe = await create([]);
    await probe.listen(0, '127.0.0.1');
    const url = `${await probe.getUrl()}/sandbox/issuer`;
    await probe.close();
    const server = await create([], { issuer: url, audience: 'cpor', isEmbedded: true });
    await server.listen(Number(new URL(url).port), '127.0.0.1');
    try {
      const token = await mintSandboxToken({
        dataDirectory: directory,
        issuer: url,
        audience: 'cpor',
        roles: ['operator'],
        subject: 'ops',
        lifetimeSeconds: 60,
      });
      expect((await verifyToken(token, { issuer: url, audience: 'cpor', keys: issuerKeys(url) })).roles).to.deep.equal(['operator']);
    } finally {
      await server.close();
    }
  });

  it('publishes no embedded issuer if tokens come from another issuer', async () => {
    const foreign = await create([], { issuer: 'https://login.example', audience: 'cpor', isEmbedded: false });
    await foreign.init();
    const response = await foreign.inject({ method: 'GET', url: '/sandbox/issuer/jwks' });
    await foreign.close();
    expect([response.statusCode, response.json()['code']]).to.deep.equal([404, 'not_found']);
  });
});
