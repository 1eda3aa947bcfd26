import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 25;

/** Polls a condition until it holds. Returns false when the limit has passed; checks at least once. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= endsAt) return false;
    await delay(pollMs);
  }
}
