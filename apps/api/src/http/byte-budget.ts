import { Problem } from '#libs/problems/index.js';

interface Waiter {
  bytes: number;
  enter: () => void;
}

/** Limits how many bytes of request bodies are held in memory. Requests that do not fit wait in order; those that wait too long get 503 with `Retry-After`. */
export class ByteBudget {
  private held = 0;
  private readonly waiting: Waiter[] = [];

  constructor(
    private readonly mostBytes: number,
    private readonly waitMs: number,
  ) {}

  /** Number of requests waiting. */
  get queued(): number {
    return this.waiting.length;
  }

  /** Reserves bytes, first come first served. Returns a function that releases them; repeated calls have no effect. */
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
        // Smaller requests behind it may fit now.
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
