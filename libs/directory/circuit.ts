/** Leaves a service alone after it failed several times in a row, then lets one question through to see whether it is back. */
export class Circuit {
  private failures = 0;
  private openUntil = Number.NEGATIVE_INFINITY;
  private isProbing = false;

  /** `now` in milliseconds of any steady clock. */
  constructor(
    private readonly limits: { failures: number; openMs: number },
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether a question may be asked. Who is let through must report what came of it. */
  admits(): boolean {
    if (this.failures < this.limits.failures) return true;
    if (this.isProbing || this.now() < this.openUntil) return false;
    this.isProbing = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.isProbing = false;
  }

  failed(): void {
    this.failures++;
    this.isProbing = false;
    if (this.failures >= this.limits.failures) this.openUntil = this.now() + this.limits.openMs;
  }
}
