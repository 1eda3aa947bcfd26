import pg from 'pg';
import type { DatabaseLimits } from './database-limits.js';
import { preparedName } from './prepared.js';

/** The server did not answer in time, so that nobody can tell whether it still holds the connection. */
export class DatabaseSilent extends Error {
  override readonly name = 'DatabaseSilent';
  readonly code = 'ETIMEDOUT';
  constructor(afterMs: number) {
    super(`PostgreSQL did not answer within ${afterMs / 1000} s; the connection was given up.`);
  }
}

interface LimitedOptions extends pg.PoolConfig {
  limits: DatabaseLimits;
}

/** An ending connection has said its farewell by then, or nobody is there to hear it. */
const farewellMs = 1_000;

/**
 * A connection with a limit of its own for every statement. The driver's (`query_timeout`) leaves a connection that was given up in use: what
 * comes next waits behind the statement that will never be answered. This one is destroyed with all that waits on it.
 */
export class LimitedClient extends pg.Client {
  /** When the server was last heard of, by `performance.now()`. */
  heardAt = performance.now();
  isLost = false;
  /** For a statement that is sent from now on. */
  answerMs: number;
  private readonly limits: DatabaseLimits;
  private waiting = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: LimitedOptions) {
    super(options);
    this.limits = options.limits;
    this.answerMs = usualAnswerMs(this.limits);
    // Whoever uses it is told by its statements, and the pool listens beside; without a listener at a moment in between the process would end.
    this.on('error', () => this.lose());
    this.once('end', () => this.lose());
    this.connection.on('readyForQuery', () => this.hear());
  }

  // Whichever of the driver's forms a query takes, it ends when the server is ready for the next.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override query(statement: any, ...rest: any[]): any {
    this.waiting++;
    if (this.waiting === 1 && !this.isLost) this.watch();
    const name = typeof statement === 'string' ? preparedName(statement) : undefined;
    return super.query(name === undefined ? statement : { name, text: statement }, ...rest);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override end(callback?: any): any {
    setTimeout(() => this.connection.stream.destroy(), farewellMs).unref();
    return callback === undefined ? super.end() : super.end(callback as () => void);
  }

  /** Whether it can be entrusted with something: it was heard of lately, or answers now. */
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

  /** Sets how long statements may take from now on, by the server's clock. */
  useLimit(statementMs: number): void {
    this.answerMs = statementMs + this.limits.silenceMs;
  }

  /** Ends it at once, and fails whatever waits on it. */
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
      // A process that was busy itself may have the answer waiting: it is read before this comes to its turn.
      setImmediate(() => {
        if (this.isLost || this.waiting === 0 || this.heardAt >= since) return;
        this.giveUp(new DatabaseSilent(answerMs));
        this.emit('silent', since);
      });
    }, answerMs);
  }
}

const usualAnswerMs = ({ statementMs, silenceMs }: DatabaseLimits): number => statementMs + silenceMs;

type Receiver = (error: Error | undefined, client: pg.PoolClient | undefined, release: (error?: Error | boolean) => void) => void;

/**
 * A pool that hands out no connection that is known or suspected to be dead. Where one falls silent the others that were not heard of since
 * are given up with it: when a host vanishes it takes all of them, and each would cost somebody the whole limit.
 */
export class LimitedPool extends pg.Pool {
  private readonly idle = new Set<LimitedClient>();
  private readonly limits: DatabaseLimits;

  constructor(options: LimitedOptions) {
    super({ ...options, Client: LimitedClient } as object);
    this.limits = options.limits;
    this.on('connect', (client) => (client as unknown as LimitedClient).once('silent', (since: number) => this.giveUpQuiet(since)));
    this.on('acquire', (client) => this.idle.delete(client as unknown as LimitedClient));
    this.on('release', (_error, client) => this.idle.add(client as unknown as LimitedClient));
    this.on('remove', (client) => this.idle.delete(client as unknown as LimitedClient));
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
      const limited = client as unknown as LimitedClient;
      if (await limited.answers()) {
        limited.useLimit(this.limits.statementMs);
        return client;
      }
      client.release(true);
      this.giveUpQuiet(since);
    }
  }

  /** Gives up what is idle and was not heard of since. */
  private giveUpQuiet(since: number): void {
    for (const client of this.idle) if (client.heardAt < since) client.giveUp(new DatabaseSilent(this.limits.probeMs));
  }
}
