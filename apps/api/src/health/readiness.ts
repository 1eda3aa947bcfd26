/** What can be wrong with a part. Machines and the public see only the code; the log has the details. */
export const readinessCodes = [
  'database_unreachable',
  'database_read_only',
  'database_full',
  'database_overloaded',
  'database_failed',
  'sandbox_clock_moved',
  'migrations_missing',
  'temporal_unreachable',
  'worker_missing',
  'unknown',
] as const;

export type ReadinessCode = (typeof readinessCodes)[number];

export interface Part {
  ok: boolean;
  /** What is wrong; null if the check passed. */
  code: ReadinessCode | null;
}

export type Readiness = Record<'database' | 'migrations' | 'temporal' | 'worker', Part>;

/** Something to attend to soon that does not affect readiness. */
export interface ReadinessWarning {
  code: string;
  message: string;
}

const limitMs = 2_000;

/** Rejects when the work takes longer than a readiness probe can wait. */
export function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const limit = new Promise<never>((_, reject) => {
    const late = Object.assign(new Error(`No answer within ${limitMs / 1000} s.`), { code: 'ETIMEDOUT' });
    setTimeout(() => reject(late), limitMs).unref();
  });
  return Promise.race([work, limit]);
}
