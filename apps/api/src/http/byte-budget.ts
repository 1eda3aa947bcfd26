import { Problem } from '#libs/problems/index.js';

interface Waiter {
  bytes: number;
  enter: () => void;
}

/** Bounds how much of what callers send is held in memory at a time. Who finds no room waits its turn, then is asked to come again. */
export class ByteBudget {
  private held = 0;
  private readonly waiting: Waiter[] = [];

  constructor(
    private readonly mostBytes: number,
    private readonly waitMs: number,
  ) {}

  /** How many wait for room. */
  get queued(): number {
    return this.waiting.length;
  }

  /** Takes so many bytes, in the order of asking. The answer gives them back, once, however often it is called. */
  async hold(bytes: number): Promise<() => void> {
    const counted = Math.min(bytes, this.mostBytes);
    if (this.waiting.length > 0 || !this.hasRoom(counted)) await this.turn(counted);
    else this.held += counted;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.held -= counted;
      this.admit();
    };
  }

  private turn(bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(tooBusy());
        // Smaller ones may have stood behind it.
        this.admit();
      }, this.waitMs);
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      const waiter: Waiter = { bytes, enter };
      this.waiting.push(waiter);
    });
  }

  private admit(): void {
    for (let next = this.waiting[0]; next !== undefined && this.hasRoom(next.bytes); next = this.waiting[0]) {
      this.waiting.shift();
      this.held += next.bytes;
      next.enter();
    }
  }

  private hasRoom(bytes: number): boolean {
    return this.held + bytes <= this.mostBytes;
  }
}

const tooBusy = (): Problem =>
  new Problem('service_unavailable', {
    detail: 'Too many large bodies are being uploaded at the moment.',
    headers: { 'Retry-After': '5' },
  });
