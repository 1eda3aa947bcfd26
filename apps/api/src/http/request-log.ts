import { RequestMethod } from '@nestjs/common';
import type { Params } from 'nestjs-pino';

interface LoggedRequest {
  id: unknown;
  method: string;
  url: string;
}

/** One line a request: no bodies, no tokens. The secret part of a customer's link is part of its path, so that is cut too. */
export const requestLog = (level: string): Params => ({
  pinoHttp: {
    level,
    name: 'api',
    genReqId: (request) => (request as { id?: string }).id ?? '',
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
    serializers: {
      req: ({ id, method, url }: LoggedRequest) => ({ id, method, url: withoutSecrets(url) }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    autoLogging: { ignore: (request) => request.url === '/livez' || request.url === '/readyz' },
    quietReqLogger: true,
  },
  // The default route of the module never matches on Fastify.
  forRoutes: [{ path: '*path', method: RequestMethod.ALL }],
});

export const withoutSecrets = (url: string): string => url.replace(/^\/n\/[^/?#]+/, '/n/…').replace(/\?.*$/, '?…');
