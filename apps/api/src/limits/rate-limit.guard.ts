import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallerLimit } from '#libs/config/index.js';
import { Problem } from '#libs/problems/index.js';
import type { AuthenticatedRequest } from '../auth/access.decorator.js';
import { limitKey } from './limited.decorator.js';
import { type LimitState, RateLimiter } from './rate-limiter.service.js';

/** Takes each request of an authenticated caller from its limit, and says in the headers what is left. Runs after the access guard. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    private readonly limiter: RateLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & AuthenticatedRequest>();
    if (request.principal === undefined) return true;
    const named = this.reflector.getAllAndOverride<CallerLimit | undefined>(limitKey, [context.getHandler(), context.getClass()]);
    const state = await this.limiter.take(named ?? (request.method === 'GET' ? 'read' : 'write'), request.principal.subject);
    if (state === null) return true;
    http.getResponse<FastifyReply>().headers(headersOf(state));
    if (!state.isAdmitted) throw tooMany(state);
    return true;
  }
}

/** The fields of draft-ietf-httpapi-ratelimit-headers-11. */
function headersOf({ name, requests, seconds, remaining, secondsToNext }: LimitState): Record<string, string> {
  return { 'RateLimit-Policy': `"${name}";q=${requests};w=${seconds}`, RateLimit: `"${name}";r=${remaining};t=${secondsToNext}` };
}

function tooMany({ name, requests, seconds, secondsToNext }: LimitState): Problem {
  const detail = `You have used up the limit "${name}": ${requests} requests in ${seconds} seconds.`;
  return new Problem('too_many_requests', { detail, headers: { 'Retry-After': String(secondsToNext) } });
}
