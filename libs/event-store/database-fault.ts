/** What keeps the database from serving just now; none of it is the doing of whoever asked. */
export type DatabaseFault =
  | 'database_unreachable'
  /** A standby that has not taken over yet, or one that was told to refuse writes. */
  | 'database_read_only'
  | 'database_full'
  /** Connections, memory or time were not enough, or somebody else held what was needed for too long. */
  | 'database_overloaded';

/** By PostgreSQL's code, class or whole (appendix A of its manual); the first that fits. */
const faultsByState: [RegExp, DatabaseFault][] = [
  // Connection exceptions, rejected credentials, a database that is not there (yet), and a server that shuts down, starts, or drops sessions.
  [/^(08|28|3D000|57P0[1-5])/, 'database_unreachable'],
  [/^25006/, 'database_read_only'],
  [/^(53100|58030)/, 'database_full'],
  // Other resources, locks not to be had in time, statements and transactions that took too long, deadlocks and failed serialisation.
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

/** What the driver says without a code. */
const awayMessages =
  /^(timeout exceeded when trying to connect|Connection terminated|Client (has encountered a connection error|was closed) and is not queryable|Cannot use a pool after calling end)|is not currently accepting connections$|while recovery is in progress$/;
/** A connection that was lost between two statements of a transaction; the next statement finds it handed back. */
const awayNames = new Set(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError', 'CannotExecuteNotConnectedError']);

/** What an error says about the database, or null when it failed for a reason of the statement's own. */
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
