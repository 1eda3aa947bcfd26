import { collectDefaultMetrics, Gauge, Registry } from '@prometheus-io/client';
import type { DataSource } from 'typeorm';

/** The part of the PostgreSQL driver's pool that is measured. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** Creates the metrics that every process has: its memory, CPU, event loop and connections to the database. */
export function processMetrics(source: DataSource): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'cpor_database_connections',
    help: 'Connections of this process to PostgreSQL by state. Statements that wait for a connection count as "waiting".',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { totalCount, idleCount, waitingCount } = (source.driver as unknown as { master: Pool }).master;
      this.set({ state: 'busy' }, totalCount - idleCount);
      this.set({ state: 'idle' }, idleCount);
      this.set({ state: 'waiting' }, waitingCount);
    },
  });
  return registry;
}
