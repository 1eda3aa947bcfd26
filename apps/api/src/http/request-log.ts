import type { IncomingMessage } from 'node:http';
import { RequestMethod } from '@nestjs/common';
import type { Params } from 'nestjs-pino';
import { plainError } from '#libs/log/index.js';
import { addressOf } from './request-address.js';

interface LoggedRequest {
  id: unknown;
  method: string;
  raw: IncomingMessage;
}

/**
 * One line a request: no bodies, no tokens, no data of errors, and the address by its route, never as it was sent. The secret part of a
 * customer's link is part of its path, and there are more ways to write a path than a pattern finds.
 */
export const requestLog = (level: string): Params => ({
  pinoHttp: {
    level,
    name: 'api',
    genReqId: (request) => (request as { id?: string }).id ?? '',
    customLogLevel: (request, response, error) => levelOf(addressOf(request).route, response.statusCode, error),
    serializers: {
      req: ({ id, method, raw }: LoggedRequest) => ({ id, method, ...addressOf(raw) }),
      err: plainError,
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    quietReqLogger: true,
  },
  // The default route of the module never matches on Fastify.
  forRoutes: [{ path: '*path', method: RequestMethod.ALL }],
});

/** Probes come every few seconds and say nothing new. */
function levelOf(route: string | null, status: number, error: Error | undefined): 'silent' | 'error' | 'info' {
  if (route === '/livez' || route === '/readyz') return 'silent';
  return error !== undefined || status >= 500 ? 'error' : 'info';
}
