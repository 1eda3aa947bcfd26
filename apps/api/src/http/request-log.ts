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
 * Logs one line per request, without bodies, tokens or error data, and with the route instead of the address as sent: the secret part of a
 * customer's link is in the path, and a path can be written in more ways than a pattern can match.
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
  // The module's default route never matches on Fastify.
  forRoutes: [{ path: '*path', method: RequestMethod.ALL }],
});

/** Probes arrive every few seconds and would only fill the log. */
function levelOf(route: string | null, status: number, error: Error | undefined): 'silent' | 'error' | 'info' {
  if (route === '/livez' || route === '/readyz') return 'silent';
  return error !== undefined || status >= 500 ? 'error' : 'info';
}
