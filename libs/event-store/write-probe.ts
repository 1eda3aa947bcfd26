import type { DataSource } from 'typeorm';

/**
 * Checks that the database accepts writes, by writing a row: a standby or a server with a full disk is of no use.
 * Returns whether the sandbox has moved the product's clock.
 */
export async function probeWriting(source: DataSource): Promise<{ isClockMoved: boolean }> {
  const [[row]] = await source.query<[[{ isClockMoved: boolean }]]>(
    `UPDATE write_probe SET written_at = clock_timestamp()
     RETURNING EXISTS (SELECT FROM sandbox_clock WHERE ahead <> interval '0') AS "isClockMoved"`,
  );
  return row;
}
