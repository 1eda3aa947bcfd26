import { FrozenProxy } from './frozen-proxy.js';
import { waitFor } from './wait.js';

/** Use it to test a host that vanishes and comes back: puts a `FrozenProxy` in front of a service. */
export async function startProxy(url: string): Promise<{ proxy: FrozenProxy; url: string }> {
  const proxy = await FrozenProxy.open({ port: Number(new URL(url).port) });
  return { proxy, url: proxy.urlThrough(url).replace(/\/$/, '') };
}

/** Retries a failing call until it succeeds. @throws the last failure when the limit has passed. */
export async function retryUntilDone(work: () => Promise<unknown>, limitMs: number): Promise<void> {
  const beganAt = performance.now();
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() - beganAt > limitMs) throw error;
    }
  }
}

/** Waits until the client has closed every connection to the host that vanished. */
export const untilFrozenConnectionsClose = (proxy: FrozenProxy): Promise<void> =>
  waitFor('frozen connections to be closed', () => proxy.held === 0);
