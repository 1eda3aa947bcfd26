import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/** One durable timer. It computes no date: how long to wait is told, and the database says whether the deadline has passed. */
export class Alarm {
  hasFired = false;
  private at: string | null = null;
  private scope: CancellationScope | null = null;

  /** Waits for the deadline `at`, `inMs` from now; a timer for the same deadline that is already running is kept. */
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
      .then(() => this.wake(scope))
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  /** Forgets an alarm that was answered, so that the rest of a deadline that has not passed yet is waited for anew. */
  reset(): void {
    if (this.hasFired) this.at = null;
    this.hasFired = false;
  }

  private wake(scope: CancellationScope): void {
    if (this.scope !== scope) return;
    this.scope = null;
    this.hasFired = true;
  }
}
