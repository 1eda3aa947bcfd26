import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 1_000;
const attemptMs = 2_000;

/**
 * Refuses something every second, as customers would, and measures how long that is not possible. Each refusal is a new command:
 * an answer means that it is stored. Its claims are refused already, so that their outcomes do not matter.
 */
export class Prober {
  /** Keys of the refusals that were accepted, by claim. */
  readonly accepted: { claimId: string; at: number }[] = [];
  longestOutageMs = 0;
  attempts = 0;
  failures = 0;
  private isRunning = true;
  private lastAnswer = Date.now();
  private readonly running: Promise<void>;

  constructor(
    private readonly apiUrl: () => string,
    private readonly token: string,
    private readonly claimIds: string[],
  ) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      const claimId = this.claimIds[this.attempts++ % this.claimIds.length]!;
      const isAccepted = await this.refuse(claimId).catch(() => false);
      const now = Date.now();
      if (isAccepted) {
        this.longestOutageMs = Math.max(this.longestOutageMs, now - this.lastAnswer - everyMs);
        this.lastAnswer = now;
        this.accepted.push({ claimId, at: now });
      } else {
        this.failures++;
      }
      await delay(everyMs);
    }
  }

  private async refuse(claimId: string): Promise<boolean> {
    const response = await fetch(`${this.apiUrl()}/v1/claims/${claimId}/opt-outs`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        prefer: 'respond-async',
      },
      body: '{}',
      signal: AbortSignal.timeout(attemptMs),
    });
    await response.text();
    return response.status < 500 && response.status !== 429;
  }
}
