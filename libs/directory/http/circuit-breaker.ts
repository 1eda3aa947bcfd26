/** Stops requests to a service for a while after several consecutive failures, then lets a single one through to test whether it has recovered. */
export class CircuitBreaker {
  private failures = 0;
  private openUntil = Number.NEGATIVE_INFINITY;
  private isProbing = false;

  /** `now` returns milliseconds of any monotonic clock. */
  constructor(
    private readonly limits: { failures: number; openMs: number },
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Returns whether a request may be sent. If so, the caller must record its outcome. */
  allowsRequest(): boolean {
    if (this.failures < this.limits.failures) return true;
    if (this.isProbing || this.now() < this.openUntil) return false;
    this.isProbing = true;
    return true;
  }

  recordSuccess(): void {
    this.failures = 0;
    this.isProbing = false;
  }

  recordFailure(): void {
    this.failures++;
    this.isProbing = false;
    if (this.failures >= this.limits.failures) this.openUntil = this.now() + this.limits.openMs;
  }
}
