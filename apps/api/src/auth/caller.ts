import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal, Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { idempotencyKeyOf, prefersAsync } from '../http/request-headers.js';
import type { AuthenticatedRequest } from './access.decorator.js';

/** Who sends a command, under which key, and what they may know. */
export interface Caller {
  principal: Principal;
  scope: Scope;
  key: string;
  /** Whether they would rather not wait for the outcome (RFC 7240). */
  prefersAsync: boolean;
}

/** The sender of a command, as a handler's parameter. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
  const { principal, scope } = request;
  if (principal === undefined || scope === undefined) throw new Problem('unauthenticated');
  return { principal, scope, key: idempotencyKeyOf(request), prefersAsync: prefersAsync(request) };
});
