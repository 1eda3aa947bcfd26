import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** The address of a request without secrets: the path of a customer's link contains its secret. */
export interface RequestAddress {
  /** The matching route as documented; null if there is none. */
  route: string | null;
  /** Values of the route's parameters that are ids. */
  ids: Record<string, string>;
}

const unknown: RequestAddress = { route: null, ids: {} };
const addresses = new WeakMap<IncomingMessage, RequestAddress>();

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Links of notices, of statements to sign and of snapshots, with what lies below them. */
const linkRoutes = ['/n/', '/s/', '/v/'];

/** Stores the matching route on the bare request, for code that has nothing else. */
export function noteAddress(request: FastifyRequest): void {
  const route = routeOf(request);
  if (route === null) return;
  const parameters = Object.entries((request.params ?? {}) as Record<string, string>);
  const ids = isLink(route) ? {} : Object.fromEntries(parameters.filter(([, value]) => guid.test(value)));
  addresses.set(request.raw, { route, ids });
}

/** Returns the stored address of a request. */
export const addressOf = (request: IncomingMessage): RequestAddress => addresses.get(request) ?? unknown;

/** Returns a problem's `instance`: the path as sent, or only its route or nothing if the path could contain a secret. */
export function instanceOf(request: FastifyRequest): string {
  const route = routeOf(request);
  if (route === null) return '';
  return isLink(route) || !request.url.startsWith('/') ? route : request.url.split('?', 1)[0]!;
}

const routeOf = ({ is404, routeOptions }: FastifyRequest): string | null => (is404 ? null : (routeOptions.url ?? null));

const isLink = (route: string): boolean => linkRoutes.some((prefix) => route.startsWith(prefix));
