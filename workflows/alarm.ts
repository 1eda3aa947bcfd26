import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/** One durable timer. It computes no date: the caller states how long to wait, and the database decides whether the deadline has passed. */
export class Alarm {
  hasFired = false;
  private at: string | null = null;
  private scope: CancellationScope | null = null;

  /** Waits for the deadline `at`, `inMs` from now. A timer that already runs for the same deadline is kept. */
  set(at: string | null, inMs: number | null, summary?: string): void {
    if (this.scope !== null && this.at === at) return;
    this.scope?.cancel();
    this.scope = null;
    this.hasFired = false;
    this.at = at;
    if (at === null || inMs === null) return;
    const scope = new CancellationScope();
    this.scope = scope;
    scope
      .run(() => sleep(inMs, summary === undefined ? undefined : { summary }))
      .then(() => this.fire(scope))
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  /** Clears an alarm that was acted on, so that a deadline that has not quite passed is waited for again. */
  reset(): void {
    if (this.hasFired) this.at = null;
    this.hasFired = false;
  }

  private fire(scope: CancellationScope): void {
    if (this.scope !== scope) return;
    this.scope = null;
    this.hasFired = true;
  }
}
