import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { answerProblem } from './problem.filter.js';
import { acceptYaml } from './yaml.js';

export interface HttpAdapterOptions {
  /** The largest JSON body, in bytes. */
  bodyLimit?: number;
}

/** The HTTP server: every answer carries a `Request-Id`, and what fails before routing is a problem like any other. */
export function createHttpAdapter({ bodyLimit = 1_048_576 }: HttpAdapterOptions = {}): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit,
    // Ids are ours alone, so that no caller can write into our logs or borrow another's id.
    genReqId: () => v7(),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => answerProblem(error, request, reply),
  });
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    void reply.header('Request-Id', request.id);
    done();
  });
  acceptYaml(adapter.getInstance());
  return adapter;
}
