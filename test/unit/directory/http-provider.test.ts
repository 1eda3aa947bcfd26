import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  type DirectoryAnswer,
  directoryOpenApi,
  type DirectoryQuery,
  DirectoryUnavailable,
  HttpDirectoryProvider,
} from '#libs/directory/index.js';
import { lookUpRequest } from '#libs/directory/http/contract.js';
import { httpDirectoryLimits, type HttpDirectoryLimits } from '#libs/directory/http/http-provider.js';
import { readAnswer } from '#libs/directory/http/read-answer.js';
import { facts, question, subscription, subscriptionId, tenantId } from '../../support/directory-answer.js';
import {
  answerWith,
  dropConnection,
  hang,
  type Misbehaviour,
  refuse,
  sendJson,
  TestDirectoryService,
} from '../../support/directory-service.js';
import { waitFor } from '../../support/wait.js';

const otherTenantId = '2f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10';
const { at } = question;
/** Not the machine's now. */
const productNow = '2030-01-02T03:04:05.006Z';
const later = '2026-11-04T09:00:01.000Z';

const query: DirectoryQuery = question;
const quick: Partial<HttpDirectoryLimits> = { attemptMs: 500, totalMs: 2_000, firstPauseMs: 1, longestPauseMs: 2, freshMs: 0 };

describe('the HTTP directory provider', () => {
  let service: TestDirectoryService;

  beforeEach(async () => {
    service = new TestDirectoryService({ lookUp: () => Promise.resolve({ askedAt: '', ...facts }) });
    await service.start();
  });
  afterEach(() => service.stop());

  const providerWith = (limits: Partial<HttpDirectoryLimits> = {}) =>
    new HttpDirectoryProvider({ url: service.url, token: service.token }, () => Promise.resolve(productNow), {
      ...quick,
      ...limits,
    });

  async function faultOf(promise: Promise<DirectoryAnswer>): Promise<DirectoryUnavailable> {
    const error = await promise.then(
      () => expect.fail('The look-up was answered.'),
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(DirectoryUnavailable);
    return error as DirectoryUnavailable;
  }

  it('sends one POST with the token and a request ID, and nothing in the URL', async () => {
    const upper = { ...query, tenantId: tenantId.toUpperCase(), identifiers: [subscriptionId.toUpperCase(), subscriptionId] };
    expect(await providerWith().lookUp(upper)).to.deep.equal({ askedAt: at, ...facts });
    expect(service.calls).to.have.length(1);
    const [{ headers, url, body } = expect.fail()] = service.calls;
    expect(url).to.equal('/look-up');
    expect(body).to.deep.equal({ partnerId: '4012345', tenantId, identifiers: [subscriptionId], at });
    expect(headers.authorization).to.equal('Bearer secret-of-the-directory');
    expect(headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
  });

  it('returns null for an unknown location and tenant', async () => {
    service.always = answerWith({ location: null, tenant: null, identifiers: { [subscriptionId]: { kind: 'unknown' } } });
    const nothing = { location: null, tenant: null, identifiers: { [subscriptionId]: { kind: 'unknown' } } };
    expect(await providerWith().lookUp(query)).to.deep.equal({ askedAt: at, ...nothing });
  });

  it('normalises the answer and drops unknown fields', async () => {
    const tenant = { ...facts.tenant, tenantId: tenantId.toUpperCase(), domains: ['Волга.EXAMPLE'], subscriptions: [], colour: 'red' };
    service.always = answerWith({ ...facts, tenant, identifiers: { [subscriptionId.toUpperCase()]: { kind: 'order' } } });
    const answer = await providerWith().lookUp(query);
    expect(answer.tenant).to.deep.equal({ ...facts.tenant, domains: ['xn--80add5ao.example'], subscriptions: [] });
    expect(answer.identifiers).to.deep.equal({ [subscriptionId]: { kind: 'order' } });
  });

  const passing: [string, Misbehaviour][] = [
    ['answers 500', refuse(500)],
    ['answers 503', refuse(503)],
    ['drops the connection', dropConnection],
    ['drops the connection within its answer', (response) => void response.writeHead(200).write('{"location":', () => response.destroy())],
    ['answers 429 with Retry-After: 0', refuse(429, { 'retry-after': '0' })],
    ['hangs once', hang],
  ];
  for (const [what, misbehaviour] of passing) {
    it(`retries with the same request ID when the directory ${what}`, async () => {
      service.nextMisbehaviours.push(misbehaviour, misbehaviour);
      expect(await providerWith({ attemptMs: 200 }).lookUp(query)).to.include({ askedAt: at });
      expect(service.calls).to.have.length(3);
      expect(new Set(service.calls.map(({ headers }) => headers['x-request-id']))).to.have.property('size', 1);
    });
  }

  it('makes at most three attempts', async () => {
    service.always = refuse(502);
    expect(await faultOf(providerWith().lookUp(query))).to.include({
      reason: 'failed',
      message: 'The directory answered with status 502.',
    });
    expect(service.calls).to.have.length(3);
  });

  it('waits for Retry-After, and gives up if that takes too long', async () => {
    service.nextMisbehaviours.push(refuse(429, { 'retry-after': '1' }));
    const startedAt = performance.now();
    await providerWith().lookUp(query);
    expect(performance.now() - startedAt).to.be.at.least(990);
    service.nextMisbehaviours.push(refuse(429, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }));
    expect(await faultOf(providerWith().lookUp(query))).to.include({ reason: 'throttled' });
    expect(service.calls).to.have.length(3);
  });

  const final: [string, Misbehaviour, string][] = [
    ['rejects the token', refuse(401), 'unauthorised'],
    ['answers 404', refuse(404), 'refused'],
    ['redirects', refuse(307, { location: 'http://127.0.0.1:9/elsewhere' }), 'redirected'],
    ['answers 204', refuse(204), 'malformed'],
    ['answers with HTML', (response) => void response.end('<html>name of a person</html>'), 'malformed'],
  ];
  for (const [what, misbehaviour, reason] of final) {
    it(`fails without a retry when the directory ${what}`, async () => {
      service.always = misbehaviour;
      const fault = await faultOf(providerWith({ maximumBytes: 20_000 }).lookUp(query));
      expect(fault).to.include({ reason, isTransient: false, isOfService: true });
      expect(fault.message).not.to.match(/name of a person|secret|Ann|contoso|1f0e4c9a|4012345/);
      expect(service.calls).to.have.length(1);
    });
  }

  const all = ['location', 'tenant', 'identifier'];
  const unusable: [string, Misbehaviour, string[], RegExp][] = [
    ['answers 400', refuse(400), all, /answered with status 400/],
    ['sends truncated JSON', (response) => void response.end('{"location":null,'), all, /not well-formed JSON/],
    ['sends too large an answer', answerWith({ ...facts, padding: 'x'.repeat(100_000) }), all, /exceeds 20000 bytes/],
    ['answers with an array', answerWith([facts]), all, /not a JSON object/],
    ['answers with the wrong shape', answerWith({ tenant: 'none' }), all, /expected object|does not say/],
    [
      'omits a field',
      answerWith({ ...facts, location: { ...facts.location, isAgreementActive: undefined } }),
      ['location'],
      /^isAgreementActive: expected boolean/,
    ],
    ['omits an identifier', answerWith({ ...facts, identifiers: {} }), ['identifier'], /does not say what it identifies/],
    [
      'answers with another tenant',
      answerWith({ ...facts, tenant: { ...facts.tenant, tenantId: otherTenantId, subscriptions: [] } }),
      ['tenant'],
      /belongs to another tenant/,
    ],
    [
      'answers with another location',
      answerWith({ ...facts, location: { ...facts.location, partnerId: '4012346' } }),
      ['location'],
      /belongs to another PartnerID/,
    ],
    [
      "lists another tenant's subscription",
      answerWith({ ...facts, tenant: { ...facts.tenant, subscriptions: [{ ...subscription, tenantId: otherTenantId }] } }),
      ['subscription'],
      /belongs to another tenant/,
    ],
    [
      'answers with a subscription that was not asked about',
      answerWith({
        ...facts,
        identifiers: { [subscriptionId]: { kind: 'subscription', subscription: { ...subscription, subscriptionId: otherTenantId } } },
      }),
      ['identifier'],
      /another subscription/,
    ],
    ['lists no valid domain', answerWith({ ...facts, tenant: { ...facts.tenant, domains: ['two words', ''] } }), ['tenant'], /^domains: /],
    [
      'sends an unknown subscription state',
      answerWith({ ...facts, tenant: { ...facts.tenant, subscriptions: [{ ...subscription, state: 'dormant' }] } }),
      ['subscription'],
      /^state: /,
    ],
    [
      'sends a placeholder such as 0001-01-01 as the end of a subscription',
      answerWith({ ...facts, tenant: { ...facts.tenant, subscriptions: [{ ...subscription, endsOn: '0001-01-01', graceEndsOn: null }] } }),
      ['subscription'],
      /^endsOn: must be in 2000 or later/,
    ],
  ];
  for (const [what, misbehaviour, records, why] of unusable) {
    it(`reports which record is unusable, and why, when the directory ${what}`, async () => {
      service.always = misbehaviour;
      const answer = await providerWith({ maximumBytes: 20_000 }).lookUp(query);
      expect(answer.unusable?.map(({ record }) => record)).to.deep.equal(records);
      for (const record of answer.unusable ?? [])
        expect(record.why)
          .to.match(why)
          .and.not.match(/Ann|contoso|dormant/);
      expect(answer.location === null).to.equal(records.includes('location'));
      expect(answer.tenant === null).to.equal(records.includes('tenant'));
      expect(service.calls).to.have.length(1);
    });
  }

  it('corrects names, languages, addresses and list items, and reports each correction', async () => {
    const admins = [
      { ...facts.tenant.admins[0], name: '\u0000Ann\ud800 Lee\u202e', email: ' {ann.lee@contoso.example}\u200b' },
      { ...facts.tenant.admins[0], email: 'nobody' },
      { ...facts.tenant.admins[0], name: '', email: 'иван@пример.example' },
      null,
    ];
    const tenant = {
      ...facts.tenant,
      name: '',
      language: 'RU-ru',
      domains: ['contoso.example', 'not a domain'],
      admins,
      workloads: ['teams', 'Te ams'],
    };
    const location = { ...facts.location, name: ' \n ', legalName: 'F'.repeat(300), type: 'FRP' };
    service.always = answerWith({ ...facts, tenant, location });
    const answer = await providerWith().lookUp(query);
    expect(answer.unusable).to.equal(undefined);
    expect(answer.tenant).to.deep.include({ name: 'contoso.example', language: 'ru', domains: ['contoso.example'], workloads: ['teams'] });
    expect(answer.tenant?.admins.map(({ name, email }) => [name, email])).to.deep.equal([
      ['Ann\ufffd Lee', 'ann.lee@contoso.example'],
      ['иван@пример.example', 'иван@пример.example'],
    ]);
    const cut = `${'F'.repeat(199)}…`;
    expect(answer.location).to.deep.include({ name: cut, legalName: cut, type: 'frp' });
    expect(answer.remarks?.map(({ record, what }) => `${record}: ${what}`)).to.deep.equal([
      'location: legalName is longer than 200 characters and was truncated',
      'location: name is empty; the legal name is used instead',
      'tenant: domains: 1 of 2 entries is invalid and left out',
      'tenant: name is empty; the first domain is used instead',
      'tenant: workloads: 1 of 2 entries is invalid and left out',
      'tenant: administrator 2 of 4 has no usable e-mail address and gets no notices',
      'tenant: administrator 4 of 4 has no usable ID and gets no notices',
    ]);
  });

  it('never sends the token to a redirect target', async () => {
    const elsewhere = new TestDirectoryService({ lookUp: () => Promise.resolve({ askedAt: '', ...facts }) });
    await elsewhere.start();
    try {
      service.always = refuse(308, { location: elsewhere.url });
      await faultOf(providerWith().lookUp(query));
      expect(elsewhere.calls).to.deep.equal([]);
    } finally {
      await elsewhere.stop();
    }
  });

  it('times out when the caller does', async () => {
    service.always = hang;
    const startedAt = performance.now();
    expect(await faultOf(providerWith({ attemptMs: 20_000, totalMs: 40_000 }).lookUp({ ...query, withinMs: 150 }))).to.include({
      reason: 'timed_out',
    });
    expect(performance.now() - startedAt).to.be.below(10_000);
    await waitFor('the connection to end', () => service.concurrent === 0);
  });

  it('times out while an answer trickles in', async () => {
    service.always = (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    };
    expect(await faultOf(providerWith({ attemptMs: 150, attempts: 1 }).lookUp(query))).to.include({ reason: 'timed_out' });
    await waitFor('the connection to end', () => service.concurrent === 0);
  });

  it('stops reading an answer that exceeds the size limit', async () => {
    let written = 0;
    service.always = (response) => {
      const more = (): void => {
        written += 10_000;
        if (response.writable && written < 50_000_000) response.write('x'.repeat(10_000), () => setImmediate(more));
      };
      more();
    };
    const { unusable: faults } = await providerWith({ maximumBytes: 50_000 }).lookUp(query);
    expect(faults?.[0]?.why).to.equal('the answer exceeds 50000 bytes');
    expect(written).to.be.below(20_000_000);
  });

  it('reports the directory as unreachable when the connection is refused', async () => {
    await service.stop();
    expect(await faultOf(providerWith().lookUp(query))).to.include({
      reason: 'unreachable',
      message: 'The directory cannot be reached: ECONNREFUSED.',
    });
  });

  describe('whose directory keeps failing', () => {
    const limits = { attempts: 1, circuit: { failures: 3, openMs: 200 } };

    it('opens the circuit, probes with a single look-up, and closes the circuit after a success', async () => {
      const provider = providerWith(limits);
      service.always = refuse(500);
      for (let failure = 0; failure < 3; failure++) expect(await faultOf(provider.lookUp(query))).to.include({ reason: 'failed' });
      expect(await faultOf(provider.lookUp(query))).to.include({ reason: 'circuit_open' });
      expect(service.calls).to.have.length(3);

      const probes = async () => Promise.all([0, 1, 2].map(() => faultOf(provider.lookUp(query))));
      await waitFor('a probe', async () => (await probes()).some(({ reason }) => reason === 'failed'));
      expect(service.calls).to.have.length(4);

      service.always = null;
      await waitFor('the directory to be asked again', async () => (await provider.lookUp(query).catch(() => null)) !== null);
      await Promise.all([1, 2, 3].map(() => provider.lookUp(query)));
      expect(service.calls).to.have.length(8);
    });

    it('keeps the circuit closed while only single records are unusable', async () => {
      const provider = providerWith(limits);
      service.always = answerWith({ ...facts, tenant: 'none' });
      for (let failure = 0; failure < 5; failure++) expect((await provider.lookUp(query)).tenant).to.equal(null);
      service.always = null;
      expect(await provider.lookUp(query)).to.include({ askedAt: at });
    });
  });

  it('limits concurrent look-ups and times out those that queue too long', async () => {
    service.always = async (response, { body }) => {
      await waitFor('two at once', () => service.concurrent === 2 || service.calls.length > 2);
      sendJson(response, { ...facts, location: { ...facts.location, partnerId: body.partnerId }, identifiers: {} });
    };
    const provider = providerWith({ maximumRunning: 2 });
    const questions = ['4012341', '4012342', '4012343', '4012344', '4012345'].map((partnerId) => ({
      ...query,
      partnerId,
      identifiers: [],
    }));
    await Promise.all(questions.map((question) => provider.lookUp(question)));
    expect([service.calls.length, service.maxConcurrent]).to.deep.equal([5, 2]);

    service.always = hang;
    const hanging = [questions[0]!, questions[1]!].map((question) => faultOf(provider.lookUp(question)));
    await waitFor('both places to be taken', () => service.concurrent === 2);
    expect(await faultOf(provider.lookUp({ ...questions[2]!, withinMs: 50 }))).to.include({ reason: 'overloaded' });
    await Promise.all(hanging);
  });

  describe('with cached answers', () => {
    it('reuses a fresh answer with its original askedAt', async () => {
      const provider = providerWith({ freshMs: 2_000 });
      const first = await provider.lookUp(query);
      first.tenant!.workloads.push('changed by its caller');
      expect(await provider.lookUp({ ...query, at: later })).to.deep.equal({ askedAt: at, ...facts });
      expect(service.calls).to.have.length(1);
      await provider.lookUp({ ...query, at: later, identifiers: [] }).catch(() => undefined);
      await provider.lookUp({ ...query, at: '2026-11-04T09:00:02.001Z' });
      expect(service.calls).to.have.length(3);
    });

    it('asks about now by the clock it was given', async () => {
      const { at: _, ...asked } = query;
      expect(await providerWith().lookUp(asked)).to.include({ askedAt: productNow });
    });

    it('never answers a new question from the cache', async () => {
      const provider = providerWith({ freshMs: 60_000 });
      await provider.lookUp(query);
      expect(await provider.lookUp({ ...query, at: later, isNew: true })).to.include({ askedAt: later });
      await service.stop();
      const late = { ...query, at: '2026-11-04T09:00:02.000Z', isNew: true, staleForMs: 3_600_000 };
      expect(await faultOf(provider.lookUp(late))).to.include({ reason: 'unreachable' });
    });

    it('returns a stale answer during an outage only if the caller accepts one', async () => {
      const provider = providerWith({ attempts: 1 });
      await provider.lookUp(query);
      await service.stop();
      const tenMinutesOn = { ...query, at: '2026-11-04T09:10:00.000Z' };
      expect(await provider.lookUp({ ...tenMinutesOn, staleForMs: 900_000 })).to.deep.equal({ askedAt: at, ...facts });
      expect(await faultOf(provider.lookUp(tenMinutesOn))).to.include({ reason: 'unreachable' });
      expect(await faultOf(provider.lookUp({ ...tenMinutesOn, staleForMs: 60_000 }))).to.include({ reason: 'unreachable' });
    });

    it('evicts the oldest answers', async () => {
      const provider = providerWith({ freshMs: 60_000, cachedAnswers: 1 });
      await provider.lookUp(query);
      service.always = answerWith({ location: null, tenant: null, identifiers: {} });
      await provider.lookUp({ ...query, identifiers: [] });
      service.always = null;
      await provider.lookUp(query);
      expect(service.calls).to.have.length(3);
    });
  });

  it('gives up before the activity that calls it times out', async () => {
    const { durableStep } = await import('../../../temporal.config.js');
    expect(httpDirectoryLimits.totalMs).to.be.below(Number.parseInt(durableStep.startToCloseTimeout, 10) * 1_000);
  });
});

describe('the directory contract', () => {
  const page = readFileSync('docs/reference/directory-api.md', 'utf8');
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!) as unknown);

  it('matches the examples in the documentation', () => {
    const [asked, answered] = examples;
    expect(examples).to.have.length(2);
    const request = lookUpRequest.parse(asked);
    expect(readAnswer(answered, request)).to.deep.equal({ askedAt: request.at, ...(answered as object) });
  });

  it('is published as OpenAPI without dangling references', () => {
    const printed = readFileSync('docs/reference/directory-api.json', 'utf8');
    const { components } = JSON.parse(printed) as { components: { schemas: Record<string, object> } };
    const references = [...printed.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
    expect(Object.keys(components.schemas)).to.have.members([...new Set(references)]);
    expect(JSON.parse(printed)).to.deep.equal(directoryOpenApi());
  });

  it('documents the limits in force', () => {
    const { attemptMs, totalMs, attempts, maximumBytes, maximumRunning, circuit, freshMs } = httpDirectoryLimits;
    expect([attemptMs, totalMs, attempts, maximumBytes, maximumRunning, circuit, freshMs]).to.deep.equal([
      5_000,
      12_000,
      3,
      2 * 1024 * 1024,
      16,
      { failures: 5, openMs: 5_000 },
      2_000,
    ]);
  });
});
