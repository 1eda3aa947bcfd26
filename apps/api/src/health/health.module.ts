import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { ReadinessService } from './readiness.service.js';
import { WarningsService } from './warnings.service.js';

/** Liveness, readiness and warnings. */
@Module({
  controllers: [HealthController],
  providers: [ReadinessService, WarningsService],
})
export class HealthModule {}
