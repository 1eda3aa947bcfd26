import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MetricsServer, processMetrics } from '#libs/metrics/index.js';
import { TracingEnd } from '#libs/tracing/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';

/** Metrics of this process, for Prometheus. */
@Module({
  providers: [
    TracingEnd,
    {
      provide: MetricsServer,
      inject: [DataSource, API_CONFIG],
      useFactory: (source: DataSource, { metrics }: ApiConfig) => new MetricsServer(processMetrics(source), metrics.own),
    },
  ],
  exports: [MetricsServer],
})
export class MetricsModule {}
