import type { Attributes, SpanContext } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';

/** Attributes that leave the process. Everything else stays: paths with the tokens of links, messages of errors, parameters of statements. */
const exported = new Set([
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'db.system.name',
  'db.query.text',
  'cpor.claim_id',
  'cpor.mail.outcome',
  'temporalWorkflowId',
  'temporalActivityId',
  'temporalUpdateId',
  'run_id',
]);

const longestStatement = 500;

/** Wraps an exporter so that it gets spans without anything that may be personal data or a secret. */
export function exportingSafely(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(safeSpan), done),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

/** Copies what was measured, the attributes that are listed, and of a failure only that there was one. */
export function safeSpan(span: ReadableSpan): ReadableSpan {
  const context = withoutState(span.spanContext());
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => context,
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: withoutState(span.parentSpanContext) }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes: safeAttributes(span.attributes),
    links: span.links.map((link) => ({ context: withoutState(link.context) })),
    events: [],
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function safeAttributes(attributes: Attributes): Attributes {
  const kept = Object.entries(attributes).filter(([name]) => exported.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, name === 'db.query.text' ? safeStatement(String(value)) : value]));
}

/** Parameters are not part of a statement; a value that somebody wrote into one is taken out. */
function safeStatement(text: string): string {
  return text
    .replace(/'(?:[^']|'')*'?/g, "'?'")
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longestStatement);
}

/** Returns what a statement does and the first table that it names, such as `SQL SELECT claims`. */
export function statementName(text: string): string {
  const [, verb = 'statement'] = /^\s*(\w+)/.exec(text) ?? [];
  const [, table] = /\b(?:FROM|INTO|UPDATE)\s+"?([a-z_]+)"?/.exec(text) ?? [];
  return ['SQL', verb.toUpperCase(), ...(table === undefined ? [] : [table])].join(' ');
}

/** The state of a trace is text from outside. */
function withoutState({ traceId, spanId, traceFlags, isRemote }: SpanContext): SpanContext {
  return { traceId, spanId, traceFlags, ...(isRemote === undefined ? {} : { isRemote }) };
}
