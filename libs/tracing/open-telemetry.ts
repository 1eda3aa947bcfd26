import { subscribe } from 'node:diagnostics_channel';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { Logger } from '@nestjs/common';
import { context, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry-v2/lib/client/index.js';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2/lib/worker/index.js';
import type { FastifyInstance } from 'fastify';
import { validate as isUuid } from 'uuid';
import { exportingSafely, statementName } from './exported-spans.js';
import type { TraceTarget, Tracing } from './tracing.js';

/** A collector that does not answer by then loses a batch: spans are worth less than memory. */
const exportMs = 5_000;
/** Probes and files, which say nothing about claims. */
const untraced = /^\/(livez|readyz|health|assets|console\/assets)\b/;

/** Starts OpenTelemetry in this process; what it observes must not be loaded yet. Its own standard variables apply, such as OTEL_TRACES_SAMPLER. */
export function openTelemetry(service: 'api' | 'worker', target: TraceTarget): Tracing {
  const resource = resourceFromAttributes({ 'service.name': `cpor-${service}` }).merge(detectResources({ detectors: [envDetector] }));
  const exporter = new OTLPTraceExporter({
    url: `${target.endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: target.headers,
    timeoutMillis: exportMs,
  });
  const processor = new BatchSpanProcessor(exportingSafely(sayingFaults(exporter)));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  if (service === 'api') observeRequests();
  registerInstrumentations({ instrumentations: [statements()] });

  const tracer = provider.getTracer('cpor');
  return {
    inSpan: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          return await work();
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      }),
    bind: (work) => context.bind(context.active(), work),
    client: [new OpenTelemetryWorkflowClientInterceptor()],
    worker: {
      activity: [(activity) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(activity) })],
      sinks: { exporter: makeWorkflowExporter(processor, resource) } as never,
    },
    end: () => provider.shutdown().catch(() => undefined),
  };
}

/** One span for each statement of something that is traced; what polls begins no traces. */
const statements = () =>
  new PgInstrumentation({
    requireParentSpan: true,
    ignoreConnectSpans: true,
    requestHook: (span, { query: { text } }) => void span.updateName(statementName(text)),
  });

/** One span for each request, by its route and never by its path, which contains ids and the tokens of links. */
function observeRequests(): void {
  const requests = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    instrumentHandler: false,
    recordExceptions: false,
    ignorePaths: ({ url }) => untraced.test(url),
    requestHook: (span, { method, routeOptions, params }) => {
      span.updateName(`${method} ${routeOptions.url ?? 'none'}`);
      const { claimId } = (params ?? {}) as { claimId?: string };
      if (claimId !== undefined && isUuid(claimId)) span.setAttribute('cpor.claim_id', claimId);
    },
  });
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: FastifyInstance };
    // Callers are strangers: they neither choose the id of a trace here nor that it is kept.
    fastify.addHook('onRequest', (request, _reply, done) => {
      delete request.headers['traceparent'];
      delete request.headers['tracestate'];
      done();
    });
    requests.plugin()(fastify, {}, () => undefined);
  });
}

/** Says once that traces cannot be sent, until they can. */
function sayingFaults(exporter: SpanExporter): SpanExporter {
  const logger = new Logger('Tracing');
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = Number(result.code) !== 0;
        if (failed && !isFailing) logger.warn(`Traces cannot be sent and are dropped: ${result.error?.message ?? 'no answer'}`);
        isFailing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
