import { DirectoryUnavailable } from './unavailable.js';

/** Lets a number of callers in at a time; the others wait their turn as long as their signal allows. */
export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly queue: number,
  ) {}

  async run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    await this.enter(signal);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(signal: AbortSignal): Promise<void> {
    if (this.inside < this.places) {
      this.inside++;
      return;
    }
    if (this.waiting.length >= this.queue) throw new DirectoryUnavailable('crowded', 'Too many questions wait for the directory.');
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(letIn), 1);
        reject(new DirectoryUnavailable('crowded', 'The directory had no time for this question: too many were asked before it.'));
      };
      const letIn = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      this.waiting.push(letIn);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** A place that becomes free goes to whoever waits longest. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.inside--;
    else next();
  }
}
