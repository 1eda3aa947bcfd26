import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal, Scope } from '#libs/auth/index.js';
import { commandIdOf } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import { idempotencyKeyOf, prefersAsync } from '../http/request-headers.js';
import type { AuthenticatedRequest } from './access.decorator.js';

/** The sender of a command, with its key and scope. */
export interface Caller {
  principal: Principal;
  scope: Scope;
  key: string;
  /** The method and normalised path that the key is bound to. */
  address: string;
  /** Whether the caller asked not to wait for the outcome (RFC 7240). */
  prefersAsync: boolean;
}

/** The sender of a command, as a handler's parameter. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
  const { principal, scope } = request;
  if (principal === undefined || scope === undefined) throw new Problem('unauthenticated');
  return { principal, scope, key: idempotencyKeyOf(request), address: keyedAddressOf(request), prefersAsync: prefersAsync(request) };
});

function keyedAddressOf({ method, routeOptions, params }: FastifyRequest): string {
  const path = (routeOptions.url ?? '').replace(/:(\w+)/g, (_, name: string) => (params as Record<string, string>)[name] ?? '');
  return `${method} ${path.toLowerCase()}`;
}

/** Derives the id of a request from its caller, key, method and path: a retry has the same id. */
export const requestIdOf = ({ principal, key, address }: Caller, purpose = ''): string =>
  commandIdOf(principal.subject, key, purpose === '' ? address : `${address} ${purpose}`);
