import { setTimeout as delay } from 'node:timers/promises';
import { defaultGrpcRetryOptions, type GrpcRetryOptions } from '@temporalio/client';
import { clientRetries } from '../../temporal.config.js';

/**
 * The SDK's retries of client calls, made stoppable. By itself the SDK retries from a timer that ignores whether the connection was closed
 * meanwhile: it throws "Channel has been shut down" where nothing can catch it, which ends the process.
 */
export class ClientRetries implements GrpcRetryOptions {
  private readonly usual = defaultGrpcRetryOptions();
  private isEnding = false;
  private lastTimerAt = Number.NEGATIVE_INFINITY;

  readonly retryableDecider: GrpcRetryOptions['retryableDecider'] = (attempt, status) =>
    !this.isEnding && this.usual.retryableDecider(attempt, status);

  /** Called once for each retry, as its timer is set. */
  readonly delayFunction: GrpcRetryOptions['delayFunction'] = (attempt, status) => {
    const pauseMs = Math.min(this.usual.delayFunction(attempt, status), clientRetries.longestPauseMs);
    this.lastTimerAt = Math.max(this.lastTimerAt, performance.now() + pauseMs);
    return pauseMs;
  };

  /** Starts no further retry and waits until the last timer has fired. Then the connection may be closed. */
  async end(): Promise<void> {
    this.isEnding = true;
    // Timers fire a few milliseconds late, in the order in which they end.
    const restMs = this.lastTimerAt - performance.now();
    if (restMs > -timerSlackMs) await delay(Math.max(0, restMs) + timerSlackMs);
  }
}

const timerSlackMs = 20;
