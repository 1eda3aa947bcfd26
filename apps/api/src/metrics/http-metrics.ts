import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from '#libs/metrics/index.js';

/** Up to 5 s an answer is awaited (temporal.config.ts); uploads and exports take longer. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Measures every request by its route, never by its path, which contains ids and the tokens of links. */
export function measureRequests(server: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'cpor_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer, by method, route and status. Unknown paths have the route "none".',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [registry],
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { is404, method, routeOptions } = request;
    const route = is404 ? 'none' : (routeOptions.url ?? 'none');
    duration.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
}
