import { createDataSource, readClock } from '#libs/event-store/index.js';

/** A delivery waits no longer than this for the product's clock. */
const limitMs = 2_000;

/** Reads the product's clock, so that mails carry the same times as the events they are about when a sandbox's clock is ahead. */
export class ProductClock {
  private source: ReturnType<typeof createDataSource> | undefined;

  constructor(private readonly databaseUrl: string | undefined) {}

  /** Returns the product's time, or this machine's when there is no database or it does not answer. */
  async read(): Promise<string> {
    if (this.databaseUrl === undefined) return new Date().toISOString();
    let timer: NodeJS.Timeout | undefined;
    const fallback = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(new Date().toISOString()), limitMs);
    });
    const answer = this.ask(this.databaseUrl).catch(() => new Date().toISOString());
    return Promise.race([answer, fallback]).finally(() => clearTimeout(timer));
  }

  async close(): Promise<void> {
    if (this.source?.isInitialized) await this.source.destroy();
  }

  private async ask(url: string): Promise<string> {
    this.source ??= createDataSource(url, { poolSize: 1, applicationName: 'cpor mailbox' });
    if (!this.source.isInitialized) await this.source.initialize();
    return readClock(this.source);
  }
}
