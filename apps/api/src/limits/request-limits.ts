import { setTimeout as delay } from 'node:timers/promises';
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallerLimit } from '#libs/config/index.js';
import { Problem } from '#libs/problems/index.js';
import { limitKey } from './limited.decorator.js';
import { type LimitState, RateLimiter } from './rate-limiter.service.js';

/** So long a refused request waits for its answer: a caller who repeats it at once then takes little of the process from others. */
const refusalDelayMs = 250;
/** Beyond so many waiting refusals of a process further ones are answered at once: each waiting one holds a connection. */
const mostDelayed = 1_000;

/** Takes requests from the limits of their callers, and says in the headers what is left. */
@Injectable()
export class RequestLimits {
  private delayed = 0;

  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    private readonly limiter: RateLimiter,
  ) {}

  /** @throws Problem `too_many_requests` if nothing is left of the caller's limit */
  async take(context: ExecutionContext, subject: string): Promise<void> {
    const http = context.switchToHttp();
    const named = this.reflector.getAllAndOverride<CallerLimit | undefined>(limitKey, [context.getHandler(), context.getClass()]);
    const state = await this.limiter.take(named ?? (http.getRequest<FastifyRequest>().method === 'GET' ? 'read' : 'write'), subject);
    if (state === null) return;
    http.getResponse<FastifyReply>().headers(headersOf(state));
    if (state.isAdmitted) return;
    await this.delayRefusal();
    throw tooMany(state);
  }

  private async delayRefusal(): Promise<void> {
    if (this.delayed >= mostDelayed) return;
    this.delayed++;
    await delay(refusalDelayMs);
    this.delayed--;
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
