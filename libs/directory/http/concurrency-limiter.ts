import { DirectoryUnavailable } from '../directory-unavailable.js';

/** Runs a limited number of tasks at a time. The others queue until a slot is free or their signal aborts. */
export class ConcurrencyLimiter {
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly maximumRunning: number,
    private readonly maximumQueued: number,
  ) {}

  async run<Result>(task: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    await this.acquire(signal);
    try {
      return await task();
    } finally {
      this.release();
    }
  }

  private async acquire(signal: AbortSignal): Promise<void> {
    if (this.running < this.maximumRunning) {
      this.running++;
      return;
    }
    if (this.queue.length >= this.maximumQueued) throw new DirectoryUnavailable('overloaded', 'Too many look-ups are queued.');
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        this.queue.splice(this.queue.indexOf(start), 1);
        reject(new DirectoryUnavailable('overloaded', 'The look-up timed out in the queue behind others.'));
      };
      const start = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      this.queue.push(start);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Passes the slot to the task that has waited longest. */
  private release(): void {
    const next = this.queue.shift();
    if (next === undefined) this.running--;
    else next();
  }
}
