import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';

/** Where spans are sent, by OTLP over HTTP. */
export interface TraceTarget {
  /** The URL of the collector, to which `/v1/traces` is added. */
  endpoint: string;
  /** Sent with every request, such as an API key. */
  headers: Record<string, string>;
}

/** Attributes of spans are ids, codes and names of ours; `exported-spans.ts` lets no others out. */
export type SpanAttributes = Record<string, string | number>;

/** How a process traces its work. */
export interface Tracing {
  /** Runs work within a span, which counts as failed if the work rejects. */
  inSpan<Result>(name: string, attributes: SpanAttributes, work: () => Promise<Result>): Promise<Result>;
  /** Lets work that a queue does later belong to what runs now. */
  bind<Work extends (...args: never[]) => unknown>(work: Work): Work;
  /** For clients of Temporal. */
  client: WorkflowClientInterceptor[];
  /** For workers of Temporal; null when nothing is traced, and then their workflows need no interceptors either. */
  worker: { activity: ActivityInterceptorsFactory[]; sinks: InjectedSinks<never> } | null;
  /** Sends what is left. */
  end(): Promise<void>;
}

let current: Tracing = {
  inSpan: (_name, _attributes, work) => work(),
  bind: (work) => work,
  client: [],
  worker: null,
  end: () => Promise.resolve(),
};

/** Returns how this process traces its work: not at all, unless `startTracing` was called with a target. */
export const tracing = (): Tracing => current;

/**
 * Begins to trace this process. OpenTelemetry is loaded only if there is a target, and must be before the modules that it observes: PostgreSQL's
 * driver and the web server.
 */
export async function startTracing(service: 'api' | 'worker', target: TraceTarget | null): Promise<void> {
  if (target === null) return;
  const { openTelemetry } = await import('./open-telemetry.js');
  current = openTelemetry(service, target);
}

/** Sends the last spans when the application ends: its process is killed right after. */
export class TracingEnd {
  onApplicationShutdown(): Promise<void> {
    return current.end();
  }
}
