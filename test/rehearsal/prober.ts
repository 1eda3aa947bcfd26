import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** A request must be answered by then. */
const attemptMs = 15_000;

export interface Probe {
  path: string;
  token: string;
  body: unknown;
}

/** Sends one request of each kind every 200 ms, each once and without a second try, and counts what is not accepted. */
export class Prober {
  readonly sent: Record<string, number> = {};
  readonly failures: string[] = [];
  readonly slowestMs: Record<string, number> = {};
  private isRunning = true;
  private readonly running: Promise<void>;

  constructor(
    private readonly url: string,
    private readonly probes: Record<string, () => Probe>,
    everyMs = 200,
  ) {
    this.running = this.run(everyMs);
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    await this.running;
  }

  private async run(everyMs: number): Promise<void> {
    const under = new Set<Promise<void>>();
    for (; this.isRunning; await delay(everyMs)) {
      for (const [kind, probe] of Object.entries(this.probes)) {
        const sending: Promise<void> = this.send(kind, probe()).finally(() => under.delete(sending));
        under.add(sending);
      }
    }
    await Promise.all(under);
  }

  private async send(kind: string, { path, token, body }: Probe): Promise<void> {
    const began = performance.now();
    this.sent[kind] = (this.sent[kind] ?? 0) + 1;
    const fault = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        prefer: 'respond-async',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(attemptMs),
    }).then(
      async (response) => (response.ok ? null : `${response.status} ${(await response.text()).slice(0, 200)}`),
      (error: unknown) => String((error as Error).cause ?? error),
    );
    if (fault !== null) this.failures.push(`${kind}: ${fault}`);
    this.slowestMs[kind] = Math.max(this.slowestMs[kind] ?? 0, Math.round(performance.now() - began));
  }
}
