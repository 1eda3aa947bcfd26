import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** The address of a request as it may be told: a customer's link is a secret that stands in its path, however that is written. */
export interface RequestAddress {
  /** The address that the router found, as it is documented; null when there is none. */
  route: string | null;
  /** What stands for its parameters, as far as those are ids. */
  ids: Record<string, string>;
}

const unknown: RequestAddress = { route: null, ids: {} };
const addresses = new WeakMap<IncomingMessage, RequestAddress>();

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const linkRoute = '/n/:token';

/** Keeps what the router found, for whoever has the bare request alone. */
export function noteAddress(request: FastifyRequest): void {
  const route = routeOf(request);
  if (route === null) return;
  const parameters = Object.entries((request.params ?? {}) as Record<string, string>);
  const ids = isLink(route) ? {} : Object.fromEntries(parameters.filter(([, value]) => guid.test(value)));
  addresses.set(request.raw, { route, ids });
}

/** The address that was kept of a request. */
export const addressOf = (request: IncomingMessage): RequestAddress => addresses.get(request) ?? unknown;

/** The path that a problem names: as it was sent where an endpoint of the API was found, else nothing that could be somebody's secret. */
export function instanceOf(request: FastifyRequest): string {
  const route = routeOf(request);
  if (route === null) return '';
  return isLink(route) || !request.url.startsWith('/') ? route : request.url.split('?', 1)[0]!;
}

const routeOf = ({ is404, routeOptions }: FastifyRequest): string | null => (is404 ? null : (routeOptions.url ?? null));

const isLink = (route: string): boolean => route.startsWith(linkRoute);
