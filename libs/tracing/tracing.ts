import type { TracedProcess, TraceTarget, Tracing } from './model.js';

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
 * driver and the web server. Returns whether there is one.
 */
export async function startTracing(target: TraceTarget | null, traced: TracedProcess): Promise<boolean> {
  if (target === null) return false;
  const { openTelemetry } = await import('./open-telemetry.js');
  current = openTelemetry(target, traced);
  return true;
}

/** Sends the last spans when the application ends: its process is killed right after. */
export class TracingEnd {
  onApplicationShutdown(): Promise<void> {
    return current.end();
  }
}
