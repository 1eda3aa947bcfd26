export { startTracing, TracingEnd, tracing } from './tracing.js';
