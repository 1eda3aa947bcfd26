import type { RateLimit } from '#libs/config/index.js';

/** What is left of a limit. It refills steadily and never holds more than the limit. Instants are milliseconds of a monotonic clock. */
export class TokenBucket {
  private left: number;

  constructor(
    private readonly limit: RateLimit,
    private at: number,
  ) {
    this.left = limit.requests;
  }

  /** Requests left, with a fraction. Below zero if other processes have admitted more than there was. */
  leftAt(now: number): number {
    const { requests, seconds } = this.limit;
    return Math.min(requests, this.left + (Math.max(0, now - this.at) * requests) / (seconds * 1_000));
  }

  /** Takes one request, or returns false if none is left. */
  take(now: number): boolean {
    const left = this.leftAt(now);
    if (left < 1) return false;
    this.set(left - 1, now);
    return true;
  }

  set(left: number, now: number): void {
    this.left = left;
    this.at = now;
  }

  /** Whole seconds until there is one request more than now, at least 1. */
  secondsToNext(now: number): number {
    const { requests, seconds } = this.limit;
    const left = this.leftAt(now);
    const missing = Math.max(1, Math.floor(left) + 1) - left;
    // What floating point adds to a whole number of seconds must not become another one.
    return Math.max(1, Math.ceil((missing * seconds) / requests - 1e-6));
  }
}
