import { createHash } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type CallerLimit, callerLimits, type RateLimit } from '#libs/config/index.js';
import { prepared } from '#libs/event-store/index.js';
import { plainError } from '#libs/log/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { TokenBucket } from './token-bucket.js';

/** A limit of a caller, after a request. */
export interface LimitState extends RateLimit {
  name: CallerLimit;
  isAdmitted: boolean;
  /** Whole requests left. */
  remaining: number;
  /** Seconds until there is one more. */
  secondsToNext: number;
}

interface Entry {
  key: string;
  limit: RateLimit;
  bucket: TokenBucket;
  /** Requests admitted here that the shared bucket does not know of: not sent yet, and sent without an answer. */
  unsent: number;
  unanswered: number;
}

/** The share of a limit that a process admits before it waits for the shared bucket. With two processes a limit is exceeded by this much. */
const ahead = 0.05;
const flushMs = 200;
/** After PostgreSQL has failed, nobody waits for it, and nothing is sent, for so long. */
const silenceMs = 1_000;
const rememberedEntries = 20_000;
const purgeMs = 600_000;

// Rows are locked in one order, so that two processes do not wait for each other.
const shareSql = prepared(`
  INSERT INTO rate_limits AS r (bucket, remaining, requests, seconds, at)
  SELECT bucket, requests - taken, requests, seconds, clock_timestamp()
  FROM unnest($1::text[], $2::float8[], $3::float8[], $4::float8[]) AS sent(bucket, taken, requests, seconds) ORDER BY bucket
  ON CONFLICT (bucket) DO UPDATE SET
    remaining = greatest(-excluded.requests, least(excluded.requests,
      r.remaining + greatest(0, extract(epoch FROM excluded.at - r.at)) * excluded.requests / excluded.seconds)
      - (excluded.requests - excluded.remaining)),
    requests = excluded.requests, seconds = excluded.seconds, at = greatest(r.at, excluded.at)
  RETURNING bucket, remaining`);

/**
 * Limits how often a caller makes requests of a class, over all API processes. Each process decides by a bucket of its own and tells PostgreSQL
 * afterwards, many requests in one statement; the answer corrects the bucket by what other processes have admitted. If PostgreSQL does not answer,
 * the bucket of the process decides alone.
 */
@Injectable()
export class RateLimiter implements BeforeApplicationShutdown {
  /** A monotonic clock, in milliseconds. */
  now = (): number => performance.now();
  /** A caller who is far ahead waits this many milliseconds for PostgreSQL. Then the bucket of this process decides. */
  patienceMs = 100;
  private readonly logger = new Logger(RateLimiter.name);
  private readonly limits: Record<CallerLimit, RateLimit> | null;
  private readonly entries = new Map<string, Entry>();
  private readonly dirty = new Set<Entry>();
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | null = null;
  private silentUntil = -Infinity;
  private purgedAt = -Infinity;
  private isStopped = false;

  constructor(
    private readonly source: DataSource,
    @Inject(API_CONFIG) config: ApiConfig,
  ) {
    this.limits = config.rateLimits;
  }

  /** Takes a request from a caller's limit. Returns null if limits are off. */
  async take(name: CallerLimit, subject: string): Promise<LimitState | null> {
    if (this.limits === null) return null;
    const entry = this.entryOf(name, subject, this.limits[name]);
    // Only who makes many requests in little time waits, and so cannot take the whole limit again in each process.
    if (entry.unsent + entry.unanswered >= aheadOf(entry.limit)) await this.share(this.patienceMs);
    const isAdmitted = entry.bucket.take(this.now());
    if (isAdmitted) {
      entry.unsent += 1;
      this.dirty.add(entry);
      this.timer ??= setTimeout(() => void this.share(), flushMs).unref();
      if (entry.unsent >= aheadOf(entry.limit) / 2) void this.share();
    }
    return this.stateOf(name, entry, isAdmitted);
  }

  /** Returns the limits of a caller as this process knows them, without taking from them. */
  statesOf(subject: string): LimitState[] {
    const { limits } = this;
    if (limits === null) return [];
    return callerLimits.map((name) => this.stateOf(name, this.entryOf(name, subject, limits[name]), true));
  }

  beforeApplicationShutdown(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private stateOf(name: CallerLimit, { limit, bucket }: Entry, isAdmitted: boolean): LimitState {
    const now = this.now();
    return { ...limit, name, isAdmitted, remaining: Math.max(0, Math.floor(bucket.leftAt(now))), secondsToNext: bucket.secondsToNext(now) };
  }

  private entryOf(name: CallerLimit, subject: string, limit: RateLimit): Entry {
    const id = `${name} ${subject}`;
    const known = this.entries.get(id);
    if (known !== undefined) return known;
    if (this.entries.size >= rememberedEntries) this.forgetSome();
    // The shared table names nobody.
    const key = createHash('sha256').update(id).digest('base64url');
    const entry = { key, limit, bucket: new TokenBucket(limit, this.now()), unsent: 0, unanswered: 0 };
    this.entries.set(id, entry);
    return entry;
  }

  /** Forgets the oldest half. Their shared buckets know what they took. */
  private forgetSome(): void {
    for (const [id, { unsent, unanswered }] of this.entries) {
      if (this.entries.size <= rememberedEntries / 2) return;
      if (unsent + unanswered === 0) this.entries.delete(id);
    }
  }

  /** Sends what was admitted, and takes over what the shared buckets hold. Waits for at most `withinMs`. */
  private async share(withinMs?: number): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isStopped || this.now() < this.silentUntil) return this.dropUnsent();
    this.sending ??= this.send().finally(() => {
      this.sending = null;
      if (this.dirty.size > 0 && !this.isStopped) this.timer ??= setTimeout(() => void this.share(), flushMs).unref();
    });
    if (withinMs === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([this.sending, tooLate]);
    clearTimeout(timer);
  }

  private async send(): Promise<void> {
    const sent = [...this.dirty].map((entry) => ({ entry, taken: entry.unsent }));
    this.dirty.clear();
    for (const { entry } of sent) [entry.unanswered, entry.unsent] = [entry.unsent, 0];
    try {
      const columns = [
        sent.map(({ entry }) => entry.key),
        sent.map(({ taken }) => taken),
        sent.map(({ entry }) => entry.limit.requests),
        sent.map(({ entry }) => entry.limit.seconds),
      ];
      const rows = await this.source.query<{ bucket: string; remaining: number }[]>(shareSql, columns);
      const remaining = new Map(rows.map((row) => [row.bucket, row.remaining]));
      for (const { entry } of sent) entry.bucket.set((remaining.get(entry.key) ?? 0) - entry.unsent, this.now());
      await this.purge();
    } catch (error) {
      this.silentUntil = this.now() + silenceMs;
      this.logger.warn({ err: plainError(error) }, 'Rate limits are not shared with other processes for now.');
    } finally {
      for (const { entry } of sent) entry.unanswered = 0;
    }
  }

  /** What was admitted while PostgreSQL was away has been limited here, and is not charged afterwards. */
  private dropUnsent(): void {
    for (const entry of this.dirty) entry.unsent = 0;
    this.dirty.clear();
  }

  /** Removes buckets that have long been full again. */
  private async purge(): Promise<void> {
    if (this.now() - this.purgedAt < purgeMs) return;
    this.purgedAt = this.now();
    await this.source.query(`DELETE FROM rate_limits WHERE at < clock_timestamp() - make_interval(secs => greatest(3600, 2 * seconds))`);
  }
}

const aheadOf = ({ requests }: RateLimit): number => Math.max(1, Math.floor(requests * ahead));
