export { Histogram, type Registry } from '@prometheus-io/client';
export { addClaimMetrics, storedGauges } from './claim-metrics.js';
export { dashboards, grafanaDashboard } from './dashboards.js';
export { MetricsServer } from './metrics-server.js';
export { processMetrics } from './process-metrics.js';
