import { RequestMethod } from '@nestjs/common';
import type { Params } from 'nestjs-pino';
import { plainError } from '#libs/log/index.js';

interface LoggedRequest {
  id: unknown;
  method: string;
  url: string;
}

/** One line a request: no bodies, no tokens, no data of errors. The secret part of a customer's link is part of its path, so that is cut too. */
export const requestLog = (level: string): Params => ({
  pinoHttp: {
    level,
    name: 'api',
    genReqId: (request) => (request as { id?: string }).id ?? '',
    customLogLevel: (request, response, error) => levelOf(request.url, response.statusCode, error),
    serializers: {
      req: ({ id, method, url }: LoggedRequest) => ({ id, method, url: withoutSecrets(url) }),
      err: plainError,
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    quietReqLogger: true,
  },
  // The default route of the module never matches on Fastify.
  forRoutes: [{ path: '*path', method: RequestMethod.ALL }],
});

/** Probes come every few seconds and say nothing new. */
function levelOf(url: string | undefined, status: number, error: Error | undefined): 'silent' | 'error' | 'info' {
  if (url === '/livez' || url === '/readyz') return 'silent';
  return error !== undefined || status >= 500 ? 'error' : 'info';
}

export const withoutSecrets = (url: string): string => url.replace(/^\/+n\/+[^/?#]+/, '/n/…').replace(/\?.*$/, '?…');
