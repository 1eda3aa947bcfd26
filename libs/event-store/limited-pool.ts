import pg from 'pg';
import type { DatabaseLimits } from './database-limits.js';
import { preparedName } from './prepared.js';

/** The server did not answer in time, so the connection may be dead. */
export class DatabaseSilent extends Error {
  override readonly name = 'DatabaseSilent';
  readonly code = 'ETIMEDOUT';
  constructor(afterMs: number) {
    super(`PostgreSQL did not answer within ${afterMs / 1000} s; the connection was closed.`);
  }
}

interface LimitedOptions extends pg.PoolConfig {
  limits: DatabaseLimits;
}

/** By then a closing connection has sent its farewell message, or nobody is there to receive it. */
const goodbyeMs = 1_000;

/**
 * A connection with its own time limit for every statement. The driver's limit (`query_timeout`) keeps the connection in use, so that the next
 * statement waits behind one that will never be answered. This client closes the connection and fails everything that waits on it.
 *
 * It also gives statements that were registered with `prepared` their name, so that the server plans them once per connection.
 */
export class LimitedClient extends pg.Client {
  /** When the server last answered, by `performance.now()`. */
  heardAt = performance.now();
  isLost = false;
  /** Limit for the statements sent from now on. */
  answerMs: number;
  private readonly limits: DatabaseLimits;
  private waiting = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: LimitedOptions) {
    super(options);
    this.limits = options.limits;
    this.answerMs = usualAnswerMs(this.limits);
    // Statements reject on their own and the pool adds a listener of its own, but at a moment without any, an error would end the process.
    this.on('error', () => this.lose());
    this.once('end', () => this.lose());
    this.connection.on('readyForQuery', () => this.hear());
  }

  // Every form of query that the driver offers ends when the server is ready for the next one.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override query(statement: unknown, ...rest: unknown[]): any {
    this.waiting++;
    if (this.waiting === 1 && !this.isLost) this.watch();
    const name = typeof statement === 'string' ? preparedName(statement) : undefined;
    const sent = [name === undefined ? statement : { name, text: statement }, ...rest];
    return super.query(...(sent as [string]));
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override end(callback?: any): any {
    setTimeout(() => this.connection.stream.destroy(), goodbyeMs).unref();
    return callback === undefined ? super.end() : super.end(callback as () => void);
  }

  /** Returns whether the connection is usable: the server answered recently, or answers a probe now. */
  async answers(): Promise<boolean> {
    if (this.isLost) return false;
    if (performance.now() - this.heardAt < this.limits.quietMs) return true;
    this.answerMs = this.limits.probeMs;
    try {
      await this.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      this.useLimit(this.limits.statementMs);
    }
  }

  /** Sets how long statements may take from now on, on the server. */
  useLimit(statementMs: number): void {
    this.answerMs = statementMs + this.limits.silenceMs;
  }

  /** Closes the connection at once and fails everything that waits on it. */
  giveUp(error: Error): void {
    if (this.isLost) return;
    this.lose();
    this.connection.stream.destroy(error);
  }

  private lose(): void {
    this.isLost = true;
    clearTimeout(this.timer);
  }

  private hear(): void {
    this.heardAt = performance.now();
    clearTimeout(this.timer);
    this.waiting = Math.max(0, this.waiting - 1);
    if (this.waiting > 0) this.watch();
  }

  private watch(): void {
    const { answerMs } = this;
    const since = performance.now();
    this.timer = setTimeout(() => {
      // If this process was busy, the answer may have arrived already: it is read before this callback runs.
      setImmediate(() => {
        if (this.isLost || this.waiting === 0 || this.heardAt >= since) return;
        this.giveUp(new DatabaseSilent(answerMs));
        this.emit('silent', since);
      });
    }, answerMs);
  }
}

const usualAnswerMs = ({ statementMs, silenceMs }: DatabaseLimits): number => statementMs + silenceMs;

function limited(client: object): LimitedClient {
  if (client instanceof LimitedClient) return client;
  throw new TypeError('The pool holds a connection that it did not open.');
}

type Receiver = (error: Error | undefined, client: pg.PoolClient | undefined, release: (error?: Error | boolean) => void) => void;

/**
 * A pool that never hands out a connection that is known or suspected to be dead. When one falls silent, all idle connections without a more
 * recent answer are closed too: a lost host takes all of them down, and each would cost some request the full time limit.
 */
export class LimitedPool extends pg.Pool {
  private readonly idle = new Set<LimitedClient>();
  private readonly limits: DatabaseLimits;

  constructor(options: LimitedOptions) {
    super({ ...options, Client: LimitedClient } as object);
    this.limits = options.limits;
    this.on('connect', (client) => limited(client).once('silent', (since: number) => this.giveUpQuiet(since)));
    this.on('acquire', (client) => this.idle.delete(limited(client)));
    this.on('release', (_error, client) => this.idle.add(limited(client)));
    this.on('remove', (client) => this.idle.delete(limited(client)));
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(receiver: Receiver): void;
  override connect(receiver?: Receiver): Promise<pg.PoolClient> | void {
    const handedOut = this.handOut();
    if (receiver === undefined) return handedOut;
    void handedOut.then(
      (client) => receiver(undefined, client, (error) => client.release(error)),
      (error: Error) => receiver(error, undefined, () => undefined),
    );
  }

  private async handOut(): Promise<pg.PoolClient> {
    for (;;) {
      const since = performance.now();
      const client = await super.connect();
      const connection = limited(client);
      if (await connection.answers()) {
        connection.useLimit(this.limits.statementMs);
        return client;
      }
      client.release(true);
      this.giveUpQuiet(since);
    }
  }

  /** Closes the idle connections on which the server has not answered since. */
  private giveUpQuiet(since: number): void {
    for (const client of this.idle) if (client.heardAt < since) client.giveUp(new DatabaseSilent(this.limits.probeMs));
  }
}
