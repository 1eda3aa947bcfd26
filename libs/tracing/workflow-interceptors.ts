import { type Context, context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { extractContextFromHeaders } from '@temporalio/interceptors-opentelemetry-v2/lib/instrumentation.js';
import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2/lib/workflow/index.js';
import type {
  WorkflowInboundCallsInterceptor,
  WorkflowInterceptors,
  WorkflowInterceptorsFactory,
  WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';

type Inbound = Required<WorkflowInboundCallsInterceptor>;
type Outbound = Required<WorkflowOutboundCallsInterceptor>;

/**
 * Traces a workflow, one trace for each message or clock that moves it. What a workflow does belongs to the trace of what woke it last, and that
 * trace is linked with the one before: a span that is open while a customer thinks for five days would reach nobody until then. Built into a bundle
 * of its own (tools/setup/bundle-workflows.mjs), which workers load when they trace. Replays as if it were not there: ids of spans come from a random
 * stream of their own, and headers are not compared.
 */
export const interceptors: WorkflowInterceptorsFactory = (): WorkflowInterceptors => {
  const inbound = new OpenTelemetryInboundInterceptor();
  const outbound = new OpenTelemetryOutboundInterceptor();
  /** What woke the workflow last: the span of a message, of a clock, or of its start. */
  let cause: Context = ROOT_CONTEXT;

  /** Makes the active span, of a message, the cause of what follows. */
  const follow = () => {
    const earlier = trace.getSpanContext(cause);
    const active = trace.getActiveSpan();
    if (earlier !== undefined && earlier.traceId !== active?.spanContext().traceId) active?.addLink({ context: earlier });
    cause = context.active();
  };

  /** A clock begins a trace of its own, if the one before was kept. */
  const followClock = () => {
    const earlier = trace.getSpanContext(cause);
    if (earlier === undefined || (earlier.traceFlags & TraceFlags.SAMPLED) === 0) return;
    const span = trace.getTracer('cpor').startSpan('clock', { root: true, links: [{ context: earlier }] }, ROOT_CONTEXT);
    span.end();
    cause = trace.setSpan(ROOT_CONTEXT, span);
  };

  /** Work that nothing traced has caused, such as a reconciliation by schedule, has no spans here: they would escape the sampling. */
  const traced = <Result>(work: () => Result, otherwise: () => Result): Result =>
    cause === ROOT_CONTEXT ? otherwise() : context.with(cause, work);

  return {
    inbound: [
      {
        execute(input, next) {
          cause = extractContextFromHeaders(input.headers) ?? ROOT_CONTEXT;
          return next(input);
        },
        handleSignal(input, next) {
          if (extractContextFromHeaders(input.headers) === undefined) return next(input);
          return inbound.handleSignal(input, (given) => {
            follow();
            return next(given);
          });
        },
        handleUpdate(input, next) {
          if (extractContextFromHeaders(input.headers) === undefined) return next(input);
          return inbound.handleUpdate(input, (given) => {
            follow();
            return next(given);
          });
        },
      } satisfies Partial<Inbound>,
    ],
    outbound: [
      {
        scheduleActivity: (input, next) =>
          traced(
            () => outbound.scheduleActivity(input, next),
            () => next(input),
          ),
        scheduleLocalActivity: (input, next) =>
          traced(
            () => outbound.scheduleLocalActivity(input, next),
            () => next(input),
          ),
        continueAsNew: (input, next) =>
          traced(
            () => outbound.continueAsNew(input, next),
            () => next(input),
          ),
        async startTimer(input, next) {
          await next(input);
          followClock();
        },
      } satisfies Partial<Outbound>,
    ],
    internals: [new OpenTelemetryInternalsInterceptor()],
  };
};
