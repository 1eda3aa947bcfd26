import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type LinkLimitName, rateLimitClasses } from '#libs/config/index.js';
import { TokenBucket } from './token-bucket.js';

/**
 * What a link is used for. Each use has its own limit, so that a mail scanner that opens links or posts forms blindly cannot use up the one of
 * the customer's answer.
 */
export type LinkUse = 'read' | 'answer' | 'attempt';

/** How many buckets are remembered. Forgetting them early favours the customers. */
const rememberedBuckets = 30_000;

/** Limits how often one link is used, per process and without the database. Requests to other links, existing or not, never count. */
@Injectable()
export class LinkLimit {
  /** A monotonic clock, in milliseconds. */
  now = (): number => performance.now();
  private buckets = new Map<string, TokenBucket>();

  /** Takes one use from a link's limit, or returns in how many seconds the next one is available. */
  take(token: string, use: LinkUse): { isAdmitted: true } | { isAdmitted: false; waitSeconds: number } {
    if (this.buckets.size > rememberedBuckets) this.buckets = new Map();
    const name: LinkLimitName = `link_${use}`;
    const key = `${use} ${createHash('sha256').update(token).digest('base64')}`;
    const now = this.now();
    const bucket = this.buckets.get(key) ?? new TokenBucket(rateLimitClasses[name], now);
    this.buckets.set(key, bucket);
    return bucket.take(now) ? { isAdmitted: true } : { isAdmitted: false, waitSeconds: bucket.secondsToNext(now) };
  }
}
