import type { DataSource } from 'typeorm';

/**
 * Writes a row, because a database that can only be read is of no use: a standby, or a server whose disk is full.
 * Returns whether the sandbox has moved the product's clock.
 */
export async function probeWriting(source: DataSource): Promise<{ isClockMoved: boolean }> {
  const [[row]] = await source.query<[[{ isClockMoved: boolean }]]>(
    `UPDATE write_probe SET written_at = clock_timestamp()
     RETURNING EXISTS (SELECT FROM sandbox_clock WHERE ahead <> interval '0') AS "isClockMoved"`,
  );
  return row;
}
