import { subscribe } from 'node:diagnostics_channel';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import type { FastifyInstance } from 'fastify';
import { validate as isUuid } from 'uuid';

/** Probes and files, which say nothing about claims. */
const untraced = /^\/(livez|readyz|assets|console\/assets)\b/;

/**
 * Gives each request of servers that are created from now on one span, by its route and never by its path, which contains ids and the tokens of
 * links. Loaded only by a process that traces.
 */
export function observeRequests(): void {
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
