import { waitUntil } from '#libs/embedded/index.js';

/** Waits for a condition. @throws an Error that names it when the limit has passed. */
export async function waitFor(what: string, condition: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  if (!(await waitUntil(condition, limitMs))) throw new Error(`Timed out after ${limitMs} ms waiting for ${what}.`);
}
