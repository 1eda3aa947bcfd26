import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 25;

/** Asks again and again until the answer is true; false when the limit has passed. The condition is asked at least once. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= endsAt) return false;
    await delay(pollMs);
  }
}
