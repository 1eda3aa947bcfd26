import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { unauthenticated } from '#libs/auth/index.js';
import { readBodies } from './bodies.js';
import { ByteBudget } from './byte-budget.js';
import { answerClientError } from './client-error.js';
import { answerOtherMethods } from './other-methods.js';
import { answerProblem } from './problem.filter.js';
import { noteAddress } from './request-address.js';

export interface HttpAdapterOptions {
  /** The largest body that is read as a whole, in bytes. */
  bodyLimit?: number;
  /** Room for the bodies that are read as a whole, all together. */
  bodyBudget?: ByteBudget;
}

/** 32 of the largest bodies. Parsed and decoded, each takes up about five times its length. */
const standardBudget = (): ByteBudget => new ByteBudget(32 * 1_048_576, 20_000);

/** No identifier in a path is longer. */
const maxParamLength = 500;

/** Every address below `/v1` is somebody's own; what is public stands beside it. */
const needsToken = ({ is404, routeOptions }: FastifyRequest): boolean => !is404 && routeOptions.url?.startsWith('/v1/') === true;

/** The HTTP server: every answer carries a `Request-Id`, and what fails before routing is a problem like any other. */
export function createHttpAdapter({ bodyLimit = 1_048_576, bodyBudget = standardBudget() }: HttpAdapterOptions = {}): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit,
    routerOptions: { maxParamLength },
    // Ids are ours alone, so that no caller can write into our logs or borrow another's id.
    genReqId: () => v7(),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => answerProblem(error, request, reply),
    clientErrorHandler: answerClientError,
  });
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    noteAddress(request);
    // Answers are for their caller, as of now. Those that anybody may keep say so themselves.
    void reply.headers({ 'Request-Id': request.id, 'Cache-Control': 'no-store' });
    // Who has no token at all hears that first, and not what is wrong with a body that would not be read.
    if (needsToken(request) && request.headers.authorization === undefined) done(unauthenticated());
    else done();
  });
  answerOtherMethods(adapter.getInstance());
  readBodies(adapter, bodyLimit, bodyBudget);
  return adapter;
}
