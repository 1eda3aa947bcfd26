import { createDataSource, readClock } from '#libs/event-store/index.js';

/** No delivery waits longer for the time of day. */
const limitMs = 2_000;

/** The product's time, so that mails stand among the events that they tell of when a sandbox's clock is ahead. */
export class ProductClock {
  private source: ReturnType<typeof createDataSource> | undefined;

  constructor(private readonly databaseUrl: string | undefined) {}

  /** This machine's time where there is no database, or it does not answer. */
  async read(): Promise<string> {
    if (this.databaseUrl === undefined) return new Date().toISOString();
    let timer: NodeJS.Timeout | undefined;
    const given = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(new Date().toISOString()), limitMs);
    });
    const asked = this.ask(this.databaseUrl).catch(() => new Date().toISOString());
    return Promise.race([asked, given]).finally(() => clearTimeout(timer));
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
