import type { DataSource } from 'typeorm';
import { createDataSource, readClock } from '#libs/event-store/index.js';
import { type MailOrigin, readMailOrigins } from '#libs/notices/index.js';

/** A delivery or a page waits no longer than this for an answer. */
const limitMs = 2_000;

export interface ClockReading {
  /** An ISO instant in UTC. */
  at: string;
  /** False when the product did not answer, so that this machine's clock was read. */
  isProducts: boolean;
}

/** What the mailbox reads from the product's database: its clock, which a sandbox may have moved, and the claims that mails belong to. */
export class Product {
  private source: DataSource | undefined;
  private opening: Promise<unknown> | undefined;
  /** The claim of a mail never changes. */
  private readonly origins = new Map<string, MailOrigin>();

  constructor(private readonly databaseUrl: string | undefined) {}

  /** Reads the product's clock, or this machine's when there is no database or it does not answer. */
  async clock(): Promise<ClockReading> {
    const at = await this.ask(readClock);
    return { at: at ?? new Date().toISOString(), isProducts: at !== null };
  }

  /** Returns the claims of mails by Message-ID. Leaves out mails that the product did not send, and all new ones when it does not answer. */
  async originsOf(messageIds: string[]): Promise<Map<string, MailOrigin>> {
    const unknown = messageIds.filter((messageId) => !this.origins.has(messageId));
    const found = unknown.length === 0 ? null : await this.ask((source) => readMailOrigins(source, unknown));
    for (const [messageId, origin] of found ?? []) this.origins.set(messageId, origin);
    return new Map(
      messageIds.flatMap((messageId): [string, MailOrigin][] => {
        const origin = this.origins.get(messageId);
        return origin === undefined ? [] : [[messageId, origin]];
      }),
    );
  }

  async close(): Promise<void> {
    await this.opening?.catch(() => undefined);
    if (this.source?.isInitialized) await this.source.destroy();
  }

  /** Returns null when there is no database, or when it fails or is slow. */
  private async ask<Answer>(question: (source: DataSource) => Promise<Answer>): Promise<Answer | null> {
    const { databaseUrl } = this;
    if (databaseUrl === undefined) return null;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), limitMs);
    });
    const answer = this.open(databaseUrl)
      .then(question)
      .catch(() => null);
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  private async open(url: string): Promise<DataSource> {
    const source = (this.source ??= createDataSource(url, { poolSize: 1, applicationName: 'cpor mailbox' }));
    if (!source.isInitialized) {
      // A page asks two questions at once; both wait for the same connection.
      this.opening ??= source.initialize().finally(() => {
        this.opening = undefined;
      });
      await this.opening;
    }
    return source;
  }
}
