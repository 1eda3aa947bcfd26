import { setTimeout as delay } from 'node:timers/promises';
import { defaultGrpcRetryOptions, type GrpcRetryOptions } from '@temporalio/client';

/** In milliseconds: longer than this, no call that is made here would wait for its next attempt. */
const longestPauseMs = 1_000;

/**
 * The SDK's retries of calls, which can be brought to an end. By itself the SDK tries again from a timer that knows nothing of a connection
 * closed meanwhile: it throws "Channel has been shut down" where nobody can catch it, which ends the process.
 */
export class ClientRetries implements GrpcRetryOptions {
  private readonly usual = defaultGrpcRetryOptions();
  private isEnding = false;
  private lastTimerAt = Number.NEGATIVE_INFINITY;

  readonly retryableDecider: GrpcRetryOptions['retryableDecider'] = (attempt, status) =>
    !this.isEnding && this.usual.retryableDecider(attempt, status);

  /** Asked once for each retry, as its timer is set. */
  readonly delayFunction: GrpcRetryOptions['delayFunction'] = (attempt, status) => {
    const pauseMs = Math.min(this.usual.delayFunction(attempt, status), longestPauseMs);
    this.lastTimerAt = Math.max(this.lastTimerAt, performance.now() + pauseMs);
    return pauseMs;
  };

  /** Starts no further retry, and waits until the last timer has fired. The connection may be closed then. */
  async end(): Promise<void> {
    this.isEnding = true;
    // Timers fire up to some milliseconds late, and in the order of their ends.
    const restMs = this.lastTimerAt - performance.now();
    if (restMs > -timerSlackMs) await delay(Math.max(0, restMs) + timerSlackMs);
  }
}

const timerSlackMs = 20;
