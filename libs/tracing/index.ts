export { startTracing, type TraceTarget, type Tracing, TracingEnd, tracing } from './tracing.js';
