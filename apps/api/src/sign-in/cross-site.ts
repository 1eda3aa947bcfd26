import type { FastifyRequest } from 'fastify';
import { Problem } from '#libs/problems/index.js';
import type { SessionKeys } from '#libs/sessions/index.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a request with a session cookie that a page of another origin could have caused. Browsers say where a request comes from in
 * `Sec-Fetch-Site`, also for links and event streams; a change must carry the session's token besides. Reading may carry it: then a page of one
 * person reads nothing with the session of another who has signed in in the same browser since.
 * @throws Problem `cross_site_refused` or `csrf_token_invalid`
 */
export function refuseForeign({ method, headers }: FastifyRequest, sessionToken: string, origin: string, keys: SessionKeys): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined ? headers.origin !== origin : site !== 'same-origin') throw new Problem('cross_site_refused');
  const sent = headers['x-csrf-token'];
  if (safeMethods.has(method) && sent === undefined) return;
  if (!keys.isCsrfToken(sessionToken, typeof sent === 'string' ? sent : undefined)) throw new Problem('csrf_token_invalid');
}
