import type { DataSource } from 'typeorm';

/** The product's time. */
export async function readClock(source: DataSource): Promise<string> {
  const [row] = await source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  return row.now.toISOString();
}
