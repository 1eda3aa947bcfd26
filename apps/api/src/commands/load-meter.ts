import { performance } from 'node:perf_hooks';
import { waking } from '../../../../temporal.config.js';

/** Measures how busy this process is: the share of time that its event loop was recently active. */
export class LoadMeter {
  private before = performance.eventLoopUtilization();
  private share = 0;

  get isBusy(): boolean {
    const now = performance.eventLoopUtilization();
    const { active, idle, utilization } = performance.eventLoopUtilization(now, this.before);
    if (active + idle >= waking.busyWindowMs) {
      this.share = utilization;
      this.before = now;
    }
    return this.share > waking.busyShare;
  }
}
