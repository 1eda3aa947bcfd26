import { ApplicationFailure } from '@temporalio/activity';

/** How many notices are sent within workflow tasks at a time: a relay that hangs must leave most tasks of the worker free. */
const atOnce = 16;
/** A relay that takes longer than this for a notice is slow. */
const quickMs = 5_000;
/** How long it counts as slow or faulty. */
const pauseMs = 10_000;

/** Knows whether the mail relay answers fast enough for a notice to be sent within a workflow task, which saves the claim another task. */
export class RelayPace {
  private underWay = 0;
  private slowUntil = Number.NEGATIVE_INFINITY;

  /** Sends a notice if the relay has been quick lately. Otherwise fails at once, and the notice is sent by an activity of its own. */
  async quickly<Result>(send: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    if (this.underWay >= atOnce || startedAt < this.slowUntil)
      throw ApplicationFailure.nonRetryable('The relay is not quick.', 'RelayNotQuick');
    this.underWay++;
    try {
      return await send();
    } catch (error) {
      this.slowUntil = performance.now() + pauseMs;
      throw error;
    } finally {
      this.underWay--;
      if (performance.now() - startedAt > quickMs) this.slowUntil = performance.now() + pauseMs;
    }
  }
}
