import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { unauthenticated } from '#libs/auth/index.js';
import { type BodyLimits, readBodies } from './bodies.js';
import { ByteBudget } from './byte-budget.js';
import { answerClientError } from './client-error.js';
import { answerOtherMethods } from './other-methods.js';
import { answerProblem } from './problem.filter.js';
import { sessionTokenOf } from '../sign-in/cookies.js';
import { noteAddress } from './request-address.js';
import { closeUnusedConnections } from './unused-connections.js';

/** How long a request may take to arrive, in milliseconds. The server looks for late ones every `checkMs`. */
interface ArrivalLimits {
  headersMs: number;
  /** The whole request, uploads and imports included. */
  requestMs: number;
  checkMs: number;
}

const arrivalLimits: ArrivalLimits = { headersMs: 20_000, requestMs: 600_000, checkMs: 5_000 };

export type HttpAdapterOptions = Partial<BodyLimits> & { arrival?: ArrivalLimits; trustedProxies?: string[] };

/** Room for 32 bodies of maximum size. Parsed and decoded, a body takes about five times its length. */
const standardBudget = (): ByteBudget => new ByteBudget(32 * 1_048_576, 20_000);

const maxParamLength = 500;

/** Every path below `/v1` needs a token, or a session that stands for one; public paths lie outside it. */
const needsToken = ({ is404, routeOptions }: FastifyRequest): boolean => !is404 && routeOptions.url?.startsWith('/v1/') === true;

const isAnonymous = ({ headers }: FastifyRequest): boolean => headers.authorization === undefined && sessionTokenOf(headers) === null;

/** Creates the HTTP server. Every response carries a `Request-Id`, and failures before routing get a problem document too. */
export function createHttpAdapter({
  bodyLimit = 1_048_576,
  bodyBudget = standardBudget(),
  bodyMs = 30_000,
  arrival = arrivalLimits,
  trustedProxies = [],
}: HttpAdapterOptions = {}): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit,
    trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
    // Without it, Fastify lets a request arrive for ever.
    requestTimeout: arrival.requestMs,
    http: { headersTimeout: arrival.headersMs, connectionsCheckingInterval: arrival.checkMs },
    routerOptions: { maxParamLength },
    // Request ids from callers are ignored, so that no caller can write into the log or reuse another's id.
    genReqId: () => v7(),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => answerProblem(error, request, reply),
    clientErrorHandler: answerClientError,
  });
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    noteAddress(request);
    // Responses must not be cached unless they say so themselves.
    void reply.headers({ 'Request-Id': request.id, 'Cache-Control': 'no-store' });
    done();
  });
  // A missing token is reported before the body is read. By then the request has been logged.
  adapter.getInstance().addHook('preParsing', (request, _reply, payload, done) => {
    if (needsToken(request) && isAnonymous(request)) done(unauthenticated());
    else done(null, payload);
  });
  closeUnusedConnections(adapter.getInstance());
  answerOtherMethods(adapter.getInstance());
  readBodies(adapter, { bodyLimit, bodyBudget, bodyMs });
  return adapter;
}
