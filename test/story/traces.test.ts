import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { statementOfWork } from '#libs/sample-data/index.js';
import { partnerId } from '../bench/sandbox.js';
import { approve, bodyOf, noticeLink, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { type CollectedSpan, Collector, drawTrace } from '../support/collector.js';
import { openPage } from '../support/customer.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';

const northwind = { tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' };
const customer = { name: 'Alexandra Carter-Okonkwo', title: 'Head of IT', email: `alexandra.carter@${northwind.domain}` };
const partnerContact = { name: 'Robin Fieldsworth', email: 'claims@evergreen-cloud.example' };
const refusalReason = 'We changed our provider in confidence';

describe('traces of a claim', function () {
  this.timeout(120_000);
  this.slow(120_000);
  let collector: Collector;
  let product: Product;
  let claimId = '';
  let link = '';

  before(async () => {
    collector = await Collector.start();
    product = await startProduct({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=of%20the%20collector',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      CPOR_LOG_LEVEL: 'info',
    });
  });
  after(async () => {
    await product?.close();
    collector?.stop();
  });

  /** Waits for a span that was sent. */
  async function span(what: string, matches: (span: CollectedSpan) => boolean): Promise<CollectedSpan> {
    await waitFor(`the span of ${what}`, () => Promise.resolve(collector.spans.some(matches)), 20_000);
    return collector.spans.find(matches)!;
  }

  /** Returns the names from the root of a trace to a span. */
  function pathTo(last: CollectedSpan): string[] {
    const parent = collector.spans.find(({ traceId, spanId }) => traceId === last.traceId && spanId === last.parentSpanId);
    return [...(parent === undefined ? [] : pathTo(parent)), last.name];
  }

  it('begin with a request and go through SQL and workflow to the mail', async () => {
    const contacts = { customer, partner: partnerContact };
    const statement = Buffer.from(statementOfWork(['Signed by the customer'])).toString('base64');
    const evidence = [{ fileName: 'statement of Alexandra.pdf', contentBase64: statement, signedOn: '2026-11-02' }];
    const lines = [{ product: 'teams', activities: ['usage'] }];
    const stated = { name: 'Adoption', partnerId, ...northwind, area: 'modern_work_security', lines, contacts, evidence };
    const created = await product.partner.post<{ claimId: string }>('/v1/claims', { ...stated, acknowledgementVersion: 1 });
    ({ claimId } = bodyOf(created));
    bodyOf(await product.partner.post(`/v1/claims/${claimId}/submissions`, {}));
    await untilPhase(product.partner, claimId, 'submitted');
    await approve(product, claimId);
    await untilWindowOpens(product, claimId);
    link = await noticeLink(product, customer.email);

    const mail = await span(
      'the mail',
      ({ name, ...rest }) => name === 'SMTP send' && pathTo({ name, ...rest })[0]!.endsWith('/decisions'),
    );
    expect(pathTo(mail)).to.deep.equal([
      'POST /v1/claims/:claimId/decisions',
      'SignalWithStartWorkflow:claimWorkflow',
      'HandleSignal:approveClaim',
      'StartActivity:sendNotice',
      'RunActivity:sendNotice',
      'SMTP send',
    ]);
    const claimSpans = () => collector.trace(mail);
    await waitFor('the letters to be sent', () =>
      Promise.resolve(
        claimSpans().some(({ name }) => name === 'RunActivity:sendLetters') || !drawTrace(claimSpans()).includes('sendLetters'),
      ),
    );
    const trace = claimSpans();
    expect(new Set(trace.map(({ service }) => service))).to.deep.equal(new Set(['cpor-api', 'cpor-worker']));
    const sql = trace.filter(({ attributes }) => attributes['db.query.text'] !== undefined).map((one) => pathTo(one).at(-2));
    expect(sql).to.include('POST /v1/claims/:claimId/decisions').and.include('RunActivity:sendNotice');
    expect(trace[0]!.attributes).to.include({ 'cpor.claim_id': claimId, 'http.response.status_code': '200' });
    expect(collector.headers.every((headers) => headers['x-api-key'] === 'of the collector')).to.equal(true);
    if (process.env['CPOR_DRAW_TRACE']) process.stdout.write(`${drawTrace(trace)}\n`);
  });

  it('link the answer of the customer, days later, with what led to the question', async () => {
    const page = await openPage(link);
    const { status } = await page.answer({ reason: refusalReason });
    expect(status).to.be.below(400);
    await untilPhase(product.partner, claimId, 'rejected');
    const handled = await span(
      'the answer',
      ({ name, ...rest }) => name.startsWith('HandleSignal:') && pathTo({ name, ...rest })[0]!.startsWith('POST /n/'),
    );
    const [linked] = handled.links;
    const approval = collector.spans.find(({ spanId }) => spanId === linked?.spanId);
    expect(approval?.name).to.equal('HandleSignal:approveClaim');
    expect(collector.trace(approval!).map(({ name }) => name)).to.include('SMTP send');
    if (process.env['CPOR_DRAW_TRACE']) process.stdout.write(`${drawTrace(collector.trace(handled))}\n`);
  });

  it('are not chosen by callers', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: 'vendor=Alexandra' };
    await fetch(`${product.stack.addresses.apiUrl}/v1/claims`, { headers });
    await product.partner.get('/v1/claims');
    await span('the list', ({ name }) => name === 'GET /v1/claims');
    expect(collector.spans.filter((one) => one.traceId === traceId)).to.deep.equal([]);
  });

  it('hold no names, addresses, words, tokens or values of statements, and neither do metrics and logs', async () => {
    const token = new URL(link).pathname.split('/').at(-1)!;
    const { api, worker } = product.stack.addresses.metricsUrls;
    const scraped = await Promise.all([api, worker].map(async (url) => (await fetch(url)).text()));
    const logs = await Promise.all(
      ['api', 'worker'].map((app) => readFile(join(product.stack.dataDirectory, 'logs', `${app}.log`), 'utf8')),
    );
    const telemetry = [...collector.bodies, ...scraped, ...logs].join('\n');
    expect(telemetry).to.include('SMTP send').and.include('cpor_open_claims').and.include('The API listens');
    const secrets = [
      ...[customer.name, 'Alexandra', 'Okonkwo', customer.email, partnerContact.name, partnerContact.email, 'Fieldsworth'],
      ...[northwind.domain, refusalReason, 'in confidence', token, 'Bearer ', ...product.tokens],
      ...['of the collector', new URL(product.stack.addresses.databaseUrl).password],
    ];
    expect(secrets.filter((secret) => telemetry.toLowerCase().includes(secret.toLowerCase()))).to.deep.equal([]);
  });
});
