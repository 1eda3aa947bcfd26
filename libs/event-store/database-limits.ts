/** How long a connection to PostgreSQL is waited for, and what it is used for. Times in milliseconds. */
export interface DatabaseLimits {
  /** For a connection to be opened, or for a place in a pool that is full. */
  connectMs: number;
  /** For one statement, by the server's clock; it then cancels the statement and says so. */
  statementMs: number;
  /** What a statement has more by our clock than by the server's: after that the server is not there any more. */
  silenceMs: number;
  /** For a lock that somebody else holds. */
  lockMs: number;
  /** For the next statement of a transaction: a client that vanished must not keep a claim locked. */
  idleInTransactionMs: number;
  /** A pooled connection that was quiet for so long is asked whether it still answers before anything is entrusted to it. */
  quietMs: number;
  /** For the answer to that. */
  probeMs: number;
  /** From here on a quiet connection is watched by TCP's own probes. */
  keepAliveMs: number;
}

export const databaseLimits: DatabaseLimits = {
  connectMs: 5_000,
  statementMs: 8_000,
  silenceMs: 2_000,
  lockMs: 5_000,
  idleInTransactionMs: 10_000,
  quietMs: 5_000,
  probeMs: 2_000,
  keepAliveMs: 10_000,
};

/** Of commands that an operator waits for: erasures, exports and checks look at everything there is. */
export const operatorLimits: DatabaseLimits = { ...databaseLimits, statementMs: 600_000 };

/** Of migrations, which may rewrite a table; what they lock they get soon, or not now. */
export const migrationLimits: DatabaseLimits = { ...databaseLimits, statementMs: 3_600_000, lockMs: 60_000, idleInTransactionMs: 60_000 };
