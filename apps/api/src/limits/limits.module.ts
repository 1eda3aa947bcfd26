import { Global, Module } from '@nestjs/common';
import { RateLimiter } from './rate-limiter.service.js';
import { RequestLimits } from './request-limits.js';

/** Limits the requests of each caller. Global, because the access guard, which runs everywhere, asks it. */
@Global()
@Module({
  providers: [RateLimiter, RequestLimits],
  exports: [RateLimiter, RequestLimits],
})
export class LimitsModule {}
