/** Time limits of connections to PostgreSQL, in milliseconds. */
export interface DatabaseLimits {
  /** For opening a connection, or for getting one from a full pool. */
  connectMs: number;
  /** For one statement, on the server, which then cancels it. */
  statementMs: number;
  /** Added to `statementMs` on our side: a server that has not answered by then is gone. */
  silenceMs: number;
  /** For a lock that another transaction holds. */
  lockMs: number;
  /** For the next statement of a transaction: a vanished client must not keep a claim locked. */
  idleInTransactionMs: number;
  /** A pooled connection that has been idle for this long is probed before it is used. */
  quietMs: number;
  /** For the answer to that probe. */
  probeMs: number;
  /** An idle connection is watched by TCP keep-alive probes after this long. */
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

/** For commands that an operator runs: erasures, exports and checks read the whole database. */
export const operatorLimits: DatabaseLimits = { ...databaseLimits, statementMs: 600_000 };

/** For migrations, which may rewrite a table. They give up rather than wait long for a lock. */
export const migrationLimits: DatabaseLimits = { ...databaseLimits, statementMs: 3_600_000, lockMs: 60_000, idleInTransactionMs: 60_000 };
