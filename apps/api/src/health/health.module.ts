import { Module } from '@nestjs/common';
import { EngineWarnings } from './engine-warnings.service.js';
import { HealthController } from './health.controller.js';
import { ReadinessService } from './readiness.service.js';

/** Liveness, readiness and warnings. */
@Module({
  controllers: [HealthController],
  providers: [ReadinessService, EngineWarnings],
})
export class HealthModule {}
