import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { expect } from 'chai';
import { safeSpan, statementName } from '#libs/tracing/exported-spans.js';

const context = (last: string) => ({
  traceId: 'a'.repeat(32),
  spanId: `b${last.repeat(15)}`,
  traceFlags: 1,
  traceState: 'of a stranger' as never,
});
const span = (attributes: ReadableSpan['attributes']) =>
  ({
    name: 'GET /n/:token',
    kind: SpanKind.SERVER,
    spanContext: () => context('1'),
    parentSpanContext: context('2'),
    startTime: [1, 2],
    endTime: [1, 3],
    duration: [0, 1],
    ended: true,
    status: { code: SpanStatusCode.ERROR, message: 'ann@customer.example is unknown' },
    attributes,
    links: [{ context: context('3'), attributes: { said: 'secret' } }],
    events: [{ time: [1, 2], name: 'exception', attributes: { 'exception.message': 'ann@customer.example' } }],
  }) as unknown as ReadableSpan;

describe('a span that leaves the process', () => {
  it('keeps its times, its place and the attributes that are known to be harmless, and nothing else', () => {
    const left = safeSpan(
      span({ 'http.route': '/n/:token', 'url.path': '/n/secret', 'cpor.claim_id': 'c', 'db.connection_string': 'secret' }),
    );
    expect(left.attributes).to.deep.equal({ 'http.route': '/n/:token', 'cpor.claim_id': 'c' });
    expect([left.startTime, left.endTime, left.duration, left.kind]).to.deep.equal([[1, 2], [1, 3], [0, 1], SpanKind.SERVER]);
    expect([left.status, left.events]).to.deep.equal([{ code: SpanStatusCode.ERROR }, []]);
    const { traceState: _, ...harmless } = context('3');
    expect(left.links).to.deep.equal([{ context: harmless }]);
    expect(JSON.stringify([left, left.spanContext()])).not.to.match(/secret|stranger|ann@/);
  });

  it('keeps a statement without values', () => {
    const { attributes } = safeSpan(
      span({ 'db.query.text': "SELECT 1\n  FROM people WHERE name = 'O''Hara' AND id = $1 AND note = 'cut" }),
    );
    expect(attributes['db.query.text']).to.equal("SELECT 1 FROM people WHERE name = '?' AND id = $1 AND note = '?'");
  });

  it('is named after what a statement does', () => {
    expect(statementName('\n SELECT a FROM claims WHERE b')).to.equal('SQL SELECT claims');
    expect(statementName('INSERT INTO "claim_events" VALUES ($1)')).to.equal('SQL INSERT claim_events');
    expect(statementName('commit')).to.equal('SQL COMMIT');
    expect(statementName('')).to.equal('SQL STATEMENT');
  });
});
