/** Repeats a step with a pause in between, for as long as somebody needs it. A step that fails is repeated like any other. */
export class PollLoop {
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;

  constructor(
    private readonly pauseMs: number,
    private readonly step: () => Promise<void>,
    private readonly isNeeded: () => boolean,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Starts the loop unless it is running. It stops by itself. */
  start(): void {
    if (this.isRunning || !this.isNeeded()) return;
    this.isRunning = true;
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.isRunning = false;
  }

  private schedule(): void {
    this.timer = setTimeout(() => void this.run(), this.pauseMs).unref();
  }

  private async run(): Promise<void> {
    await this.step().catch((error: unknown) => this.onError(error as Error));
    if (this.isRunning && this.isNeeded()) this.schedule();
    else this.isRunning = false;
  }
}
