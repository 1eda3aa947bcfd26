import { context, SpanStatusCode } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
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
import { exportingSafely, statementName } from './exported-spans.js';
import type { TracedProcess, TraceTarget, Tracing } from './model.js';

/** A collector that does not answer by then loses a batch: spans are worth less than memory. */
const exportMs = 5_000;

/** Starts OpenTelemetry in this process; what it observes must not be loaded yet. Its own standard variables apply, such as OTEL_TRACES_SAMPLER. */
export function openTelemetry(target: TraceTarget, { service, warn }: TracedProcess): Tracing {
  const resource = resourceFromAttributes({ 'service.name': `cpor-${service}` }).merge(detectResources({ detectors: [envDetector] }));
  const exporter = new OTLPTraceExporter({
    url: `${target.endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: target.headers,
    timeoutMillis: exportMs,
  });
  const processor = new BatchSpanProcessor(exportingSafely(sayingFaults(exporter, warn)));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
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

/** Says once that traces cannot be sent, until they can. */
function sayingFaults(exporter: SpanExporter, warn: TracedProcess['warn']): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.code === ExportResultCode.FAILED;
        if (failed && !isFailing) warn(`Traces cannot be sent and are dropped: ${result.error?.message ?? 'no answer'}`);
        isFailing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
