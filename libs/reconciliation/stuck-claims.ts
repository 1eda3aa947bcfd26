import { type DataSource, QueryFailedError } from 'typeorm';
import { DirectoryUnavailable } from '#libs/directory/index.js';

/** A command of a later version waits, because this one does not know it. */
export class UnknownCommand extends Error {
  override readonly name = 'UnknownCommand';

  constructor(type: string) {
    super(`The command ${type} is of a later version. It waits for a worker that knows it.`);
  }
}

/** A step of a claim that is retried until it succeeds. */
type Step = 'look_up' | 'execute';

/** Claims with a step that failed recently and has not succeeded since. */
export interface StuckClaims {
  claims: number;
  /** Since when the oldest of them is stuck; null when there is none. */
  since: string | null;
}

/** Steps are retried at least this often: one without a recent attempt has succeeded, or its claim is closed. */
const recentMinutes = 30;

const recordSql = `
  INSERT INTO stuck_claims (claim_id, step, fault, next_at) VALUES ($1, $2, $3, clock_timestamp() + interval '10 seconds')
  ON CONFLICT (claim_id) DO UPDATE SET step = $2, fault = $3, last_at = clock_timestamp(),
    attempts = CASE WHEN stuck_claims.last_at < clock_timestamp() - make_interval(mins => $4) THEN 1 ELSE stuck_claims.attempts + 1 END,
    since = CASE WHEN stuck_claims.last_at < clock_timestamp() - make_interval(mins => $4) THEN clock_timestamp() ELSE stuck_claims.since END,
    next_at = clock_timestamp() + least(interval '10 minutes', interval '10 seconds' * power(2, least(stuck_claims.attempts, 10)))`;

/** Records that a step of a claim failed, for operators. Never throws: the step's own fault is the one to report. */
export async function recordStuck(source: DataSource, claimId: string, step: Step, error: unknown): Promise<void> {
  await source.query(recordSql, [claimId, step, faultOf(error), recentMinutes]).catch(() => undefined);
}

/** Deletes the record of claims whose step has succeeded. */
export async function clearStuck(source: DataSource, claimIds: string[]): Promise<void> {
  await source.query('DELETE FROM stuck_claims WHERE claim_id = ANY($1)', [claimIds]).catch(() => undefined);
}

/** Counts stuck claims, for readiness and monitoring. */
export async function countStuck(source: Pick<DataSource, 'query'>): Promise<StuckClaims> {
  const [{ claims, since }] = await source.query<[{ claims: number; since: Date | null }]>(
    'SELECT count(*)::int AS claims, min(since) AS since FROM stuck_claims WHERE last_at > clock_timestamp() - make_interval(mins => $1)',
    [recentMinutes],
  );
  return { claims, since: since?.toISOString() ?? null };
}

/** Error messages may contain personal data: the database's quote rows. */
function faultOf(error: unknown): string {
  if (error instanceof DirectoryUnavailable || error instanceof UnknownCommand) return error.message;
  if (error instanceof QueryFailedError) return `The database answered ${(error.driverError as { code?: string }).code ?? 'with a fault'}.`;
  return `The step ended with ${error instanceof Error ? error.name : 'a fault'}.`;
}
