import { performance } from 'node:perf_hooks';

/** A shorter look says nothing. */
const windowMs = 50;

/** Tells how busy this process is, from the share of time its event loop was at work of late. */
export class LoadMeter {
  private before = performance.eventLoopUtilization();
  private share = 0;

  /** The share of time at work since the look before last, from 0 to 1. */
  measure(): number {
    const now = performance.eventLoopUtilization();
    const since = performance.eventLoopUtilization(now, this.before);
    if (since.active + since.idle >= windowMs) {
      this.share = since.utilization;
      this.before = now;
    }
    return this.share;
  }
}
