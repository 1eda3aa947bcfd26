import { Global, Module } from '@nestjs/common';
import { LinkLimit } from './link-limit.js';
import { RateLimiter } from './rate-limiter.service.js';
import { RequestLimits } from './request-limits.js';

/**
 * Limits the requests of each caller, and those by each link. Global, because the access guard, which runs everywhere, asks it, and because each limit
 * is one in the process.
 */
@Global()
@Module({
  providers: [LinkLimit, RateLimiter, RequestLimits],
  exports: [LinkLimit, RateLimiter, RequestLimits],
})
export class LimitsModule {}
