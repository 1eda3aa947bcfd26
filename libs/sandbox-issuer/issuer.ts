import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { configurationOf, recordsOf, type SandboxIssuerOptions, secretFor } from './configuration.js';
import { plainPolicy } from './pages/page.js';
import { sweepRecords } from './record-folder.js';
import { signInPage } from './sign-in.js';

export type { SandboxIssuerOptions } from './configuration.js';

/** The addresses of the issuer below its own, in the notation of Fastify. */
export const issuerRoutes: readonly { method: 'GET' | 'POST'; path: string }[] = [
  { method: 'GET', path: '/.well-known/openid-configuration' },
  { method: 'GET', path: '/jwks' },
  { method: 'GET', path: '/auth' },
  { method: 'GET', path: '/auth/:uid' },
  { method: 'GET', path: '/sign-in/:uid' },
  { method: 'POST', path: '/sign-in/:uid' },
  { method: 'POST', path: '/token' },
  { method: 'POST', path: '/token/revocation' },
  { method: 'GET', path: '/session/end' },
  { method: 'POST', path: '/session/end/confirm' },
  { method: 'GET', path: '/session/end/success' },
];

export interface SandboxIssuer {
  /** Answers a request with an unread body. `address` is its path below the issuer, with the query. */
  answer(address: string, request: IncomingMessage, response: ServerResponse): void;
  close(): void;
}

const sweepEveryMs = 15 * 60_000;

/** Creates the issuer of a sandbox, at which a person chooses whom to be. Throws if NODE_ENV is production. */
export async function createSandboxIssuer(options: SandboxIssuerOptions): Promise<SandboxIssuer> {
  // Loaded here because only a sandbox with a browser needs it.
  const { default: Provider, interactionPolicy } = await import('oidc-provider');
  const provider = new Provider(options.issuer, await configurationOf(options, interactionPolicy));
  const address = new URL(options.issuer);
  // The addresses in answers come from the settings: the Host header is whatever the caller sent.
  Object.defineProperties(provider.request, {
    host: { get: () => address.host },
    protocol: { get: () => address.protocol.slice(0, -1) },
  });
  // Koa reports here what it answers itself. What it shows to the caller is the caller's mistake.
  (provider as EventEmitter).on('error', (error: Error & { expose?: boolean }) => {
    if (error.expose !== true) options.onFault(error.message);
  });
  provider.on('server_error', (_, error) => options.onFault(error.message));
  provider.on('backchannel.error', (_, error) => options.onFault(`The console was not told of a log-out: ${error.message}`));
  provider.use(async (ctx, next) => {
    ctx.set(plainPolicy);
    await next();
  });
  provider.use(signInPage(provider, await secretFor(options.dataDirectory, 'sign-in form'), options.homeUrl));
  const records = recordsOf(options.dataDirectory);
  const sweep = () => void sweepRecords(records).catch((error: Error) => options.onFault(error.message));
  sweep();
  const timer = setInterval(sweep, sweepEveryMs).unref();
  const answer = provider.callback();
  return {
    answer(url, request, response) {
      // As a framework does that mounts another: the provider builds addresses from the original and routes by the rest.
      Object.assign(request, { originalUrl: `${address.pathname}${url}`, url });
      void answer(request, response);
    },
    close: () => clearInterval(timer),
  };
}
