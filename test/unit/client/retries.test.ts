import { expect } from 'chai';
import { ConnectionError, type Cpor, createClient, OutcomePendingError, ProblemError, type Retry } from '@cpor/client';
import { breakOff, hangUp, json, problem, ScriptedServer } from './scripted-server.js';

const claim = { claimId: 'c-1', version: 3 };
const accepted = json(
  202,
  { operationId: 'o-1', claimId: 'c-1', status: 'accepted' },
  { 'retry-after': '0', location: '/v1/operations/o-1' },
);
const operation = (status: string) => json(200, { operationId: 'o-1', status, errors: [] });

async function failure(promise: PromiseLike<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('It did not fail.'),
    (error: unknown) => error,
  );
}

describe('The client’s retries', () => {
  let server: ScriptedServer;
  const keys = () => new Set(server.received.map(({ headers }) => headers['idempotency-key']));

  before(async () => {
    server = await new ScriptedServer().start();
  });
  after(() => server.close());

  it('repeat a change under its key after a lost connection, half an answer and a busy server', async () => {
    const cpor = server.script([
      hangUp,
      breakOff,
      problem(503, 'service_unavailable', { 'retry-after': '0' }),
      problem(502, 'x'),
      json(200, claim),
    ]);
    expect(await cpor.claims.comment('c-1', { text: 'Hello' })).to.deep.equal(claim);
    expect(server.received.map(({ method, url, body }) => `${method} ${url} ${body}`)).to.deep.equal(
      Array.from({ length: 5 }, () => 'POST /v1/claims/c-1/comments {"text":"Hello"}'),
    );
    expect([...keys()]).to.have.length(1);
    expect([...keys()][0]).to.match(/^[0-9a-f-]{36}$/);
  });

  it('use a new key for every call, and the caller’s own if it gives one', async () => {
    const cpor = server.script([json(200, claim), json(200, claim), json(200, claim)]);
    await cpor.claims.submit('c-1');
    await cpor.claims.submit('c-1');
    await cpor.claims.submit('c-1', { idempotencyKey: 'mine' });
    expect(keys().size).to.equal(3);
    expect(server.received[2]?.headers['idempotency-key']).to.equal('mine');
  });

  it('repeat an upload with the same bytes', async () => {
    const cpor = server.script([hangUp, json(201, { evidenceId: 'e-1' })]);
    await cpor.evidence.upload('c-1', { file: new File(['%PDF-1.4 binary \u0000'], 'a.pdf'), signedOn: '2026-01-02' });
    const [first, second] = server.received;
    expect(first?.body).to.contain('%PDF-1.4 binary \u0000').and.contain('2026-01-02');
    expect(second).to.deep.include({ body: first?.body, url: first?.url });
    expect(second?.headers['content-type']).to.equal(first?.headers['content-type']);
  });

  it('do not repeat what has its effect twice', async () => {
    const cpor = server.script([hangUp, json(200, {})]);
    const error = await failure(cpor.sandbox.advance({ by: 'P1D' }));
    expect(error).to.be.instanceOf(ConnectionError);
    expect((error as Error).message).to.match(/^POST \/v1\/sandbox\/clock\/advances: no answer from 127\.0\.0\.1:\d+ \(/);
    expect(server.received).to.have.length(1);
  });

  it('repeat even that if the server cannot have received it, or refused to begin', async () => {
    const retries: Retry[] = [];
    const closed = await new ScriptedServer().start();
    const nobody = createClient({ baseUrl: closed.baseUrl, retries: 2, onRetry: (retry) => retries.push(retry) });
    await closed.close();
    expect(await failure(nobody.sandbox.advance({ by: 'P1D' }))).to.be.instanceOf(ConnectionError);
    expect(retries.map(({ method, attempt, status }) => [method, attempt, status])).to.deep.equal([
      ['POST', 1, undefined],
      ['POST', 2, undefined],
    ]);
    const cpor = server.script([problem(429, 'too_many_requests', { 'retry-after': '0' }), json(200, { now: 'x', movedClaims: 0 })]);
    await cpor.sandbox.advance({ by: 'P1D' });
  });

  it('end after their number, with the last answer', async () => {
    const cpor = server.script(
      Array.from({ length: 9 }, () => problem(503, 'service_unavailable', { 'retry-after': '0' })),
      { retries: 2 },
    );
    expect(await failure(cpor.claims.get('c-1'))).to.include({
      name: 'ProblemError',
      status: 503,
      code: 'service_unavailable',
      retryAfterMs: 0,
    });
    expect(server.received).to.have.length(3);
  });

  it('wait as long as the server asks, but no longer than allowed', async () => {
    const retries: Retry[] = [];
    const answers = [problem(503, 'service_unavailable', { 'retry-after': '1' }), json(200, claim)];
    const began = performance.now();
    await server.script(answers, { onRetry: (retry) => retries.push(retry) }).claims.get('c-1');
    expect(performance.now() - began).to.be.at.least(1_000);
    expect(retries[0]).to.include({ method: 'GET', attempt: 1, status: 503 }).and.to.have.property('pauseMs').within(1_000, 1_100);

    const patient = server.script([problem(503, 'service_unavailable', { 'retry-after': '120' })]);
    expect(await failure(patient.claims.get('c-1'))).to.include({ code: 'service_unavailable', retryAfterMs: 120_000 });
  });

  it('do not follow a refusal', async () => {
    const cpor = server.script([problem(404, 'not_found')]);
    expect(await failure(cpor.claims.get('c-1'))).to.include({ status: 404, message: 'What is wrong. What to do.', requestId: 'r-1' });
    expect(server.received).to.have.length(1);
  });

  it('end when the caller’s signal does, with its reason', async () => {
    const cpor = server.script([problem(503, 'service_unavailable', { 'retry-after': '30' })]);
    const stop = new AbortController();
    const call = failure(cpor.claims.get('c-1', { signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('enough')), 100);
    expect(await call)
      .to.be.instanceOf(Error)
      .with.property('message', 'enough');
  });

  it('give an attempt its time, and no more', async () => {
    const cpor = server.script([() => undefined, json(200, claim)], { timeoutMs: 150 });
    expect(await cpor.claims.get('c-1')).to.deep.equal(claim);
    expect(server.received).to.have.length(2);
  });

  it('ask for a new token once after a 401', async () => {
    const asked: boolean[] = [];
    const getToken = ({ forceRefresh }: { forceRefresh: boolean }) => {
      asked.push(forceRefresh);
      return `t${asked.length}`;
    };
    const cpor = server.script([problem(401, 'unauthenticated'), json(200, claim), problem(401, 'x'), problem(401, 'unauthenticated')], {
      token: undefined,
      getToken,
    });
    await cpor.claims.get('c-1');
    expect(await failure(cpor.claims.get('c-1'))).to.include({ code: 'unauthenticated' });
    expect(asked).to.deep.equal([false, true, false, true]);
    expect(server.received.map(({ headers }) => headers.authorization)).to.deep.equal(['Bearer t1', 'Bearer t2', 'Bearer t3', 'Bearer t4']);
  });
});

describe('A change that was only stored', () => {
  let server: ScriptedServer;
  let cpor: Cpor;

  before(async () => {
    server = await new ScriptedServer().start();
  });
  after(() => server.close());

  it('is followed to its outcome, which the repeated request returns', async () => {
    cpor = server.script([accepted, operation('accepted'), hangUp, operation('done'), json(200, claim)], { language: 'ru' });
    expect(await cpor.claims.edit('c-1', { name: 'New' }, { ifMatch: 2 })).to.deep.equal(claim);
    const [first, ...rest] = server.received;
    expect(rest.slice(0, 3).map(({ method, url }) => `${method} ${url}`)).to.deep.equal(
      Array.from({ length: 3 }, () => 'GET /v1/operations/o-1'),
    );
    expect(rest[0]?.headers)
      .to.include({ authorization: 'Bearer secret', 'accept-language': 'ru' })
      .and.not.to.have.property('idempotency-key');
    expect(rest[3]).to.deep.include({ method: 'PATCH', url: '/v1/claims/c-1', body: '{"name":"New"}' });
    expect(rest[3]?.headers['idempotency-key']).to.equal(first?.headers['idempotency-key']).and.to.be.a('string');
    expect(first?.headers['if-match']).to.equal('"2"');
  });

  it('fails with the stored refusal', async () => {
    cpor = server.script([accepted, operation('refused'), problem(422, 'evidence_missing')]);
    expect(await failure(cpor.claims.submit('c-1')))
      .to.be.instanceOf(ProblemError)
      .and.include({ code: 'evidence_missing' });
  });

  it('is given up on after a limit, and can be looked up later', async () => {
    cpor = server.script([accepted, operation('accepted')], { outcomeTimeoutMs: 300 });
    const stored = json(202, { operationId: 'o-2', claimId: 'c-1', status: 'accepted' }, { 'retry-after': '1' });
    cpor = server.script([stored], { outcomeTimeoutMs: 300 });
    expect(await failure(cpor.claims.submit('c-1')))
      .to.be.instanceOf(OutcomePendingError)
      .and.include({ operationId: 'o-2' });
  });

  it('is no change without an operation: an import is accepted, and has a state of its own', async () => {
    cpor = server.script([json(202, { importId: 'i-1', state: 'running' })]);
    expect(await cpor.imports.create('a,b\n', { contentType: 'text/csv', submit: true })).to.include({ importId: 'i-1' });
    expect(server.received[0]).to.deep.include({ url: '/v1/claims/imports?submit=true', body: 'a,b\n' });
    expect(server.received[0]?.headers['content-type']).to.equal('text/csv');
  });
});
