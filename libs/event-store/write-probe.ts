import type { DataSource } from 'typeorm';

/**
 * Writes to the database, since one that can only be read serves nobody here: a standby, or one without space for its log.
 * Says whether the product's clock is the database's own.
 */
export async function probeWriting(source: DataSource): Promise<{ isClockMoved: boolean }> {
  const [[row]] = await source.query<[[{ isClockMoved: boolean }]]>(
    `UPDATE write_probe SET written_at = clock_timestamp()
     RETURNING EXISTS (SELECT FROM sandbox_clock WHERE ahead <> interval '0') AS "isClockMoved"`,
  );
  return row;
}
