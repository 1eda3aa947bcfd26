import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';

/** Where spans are sent, by OTLP over HTTP. */
export interface TraceTarget {
  /** The URL of the collector, to which `/v1/traces` is added. */
  endpoint: string;
  /** Sent with every request, such as an API key. */
  headers: Record<string, string>;
}

/** Which process this is, and where it says what is wrong with its traces. */
export interface TracedProcess {
  service: 'api' | 'worker';
  warn: (message: string) => void;
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
