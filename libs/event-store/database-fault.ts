/** Why the database cannot serve at the moment. None of these is the caller's fault. */
export type DatabaseFault =
  | 'database_unreachable'
  /** A standby that has not taken over yet, or a server that was set to refuse writes. */
  | 'database_read_only'
  | 'database_full'
  /** It ran out of connections, memory or time, or another transaction held a lock for too long. */
  | 'database_overloaded';

/** Faults by PostgreSQL's error code or its class (appendix A of its manual). The first match counts. */
const faultsByState: [RegExp, DatabaseFault][] = [
  // Connection exceptions, rejected credentials, a missing database, and a server that shuts down, starts or drops sessions.
  [/^(08|28|3D000|57P0[1-5])/, 'database_unreachable'],
  [/^25006/, 'database_read_only'],
  [/^(53100|58030)/, 'database_full'],
  // Other resources, lock timeouts, statement and transaction timeouts, deadlocks and serialisation failures.
  [/^(53|55P03|57014|25P0[34]|40001|40P01)/, 'database_overloaded'],
];

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
]);

/** The driver's messages that come without a code. */
const awayMessages =
  /^(timeout exceeded when trying to connect|Connection terminated|Client (has encountered a connection error|was closed) and is not queryable|Cannot use a pool after calling end)|is not currently accepting connections$|while recovery is in progress$/;
/** Errors of the next statement when a connection was lost in the middle of a transaction. */
const awayNames = new Set(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError', 'CannotExecuteNotConnectedError']);

/** Returns what an error says about the database, or null when the statement itself was at fault. */
export function databaseFaultOf(error: unknown): DatabaseFault | null {
  if (!(error instanceof Error)) return null;
  const cause = causeOf(error);
  if (awayNames.has(error.name) || awayNames.has(cause.name)) return 'database_unreachable';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const listed = /^[0-9A-Z]{5}$/.test(code) ? faultsByState.find(([state]) => state.test(code))?.[1] : undefined;
  if (listed !== undefined) return listed;
  return networkCodes.has(code) || awayMessages.test(cause.message) ? 'database_unreachable' : null;
}

/** The driver's own error, where TypeORM wraps it. */
function causeOf(error: Error): Error {
  return 'driverError' in error && error.driverError instanceof Error ? error.driverError : error;
}
