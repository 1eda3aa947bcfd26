import type { DataSource } from 'typeorm';

/** Reads the product's clock, which a sandbox may have moved, as an ISO instant in UTC. */
export async function readClock(source: Pick<DataSource, 'query'>): Promise<string> {
  const [row] = await source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  return row.now.toISOString();
}
