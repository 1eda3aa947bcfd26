import { waitUntil } from '#libs/embedded/index.js';

/** Use it instead of a fixed delay: waits for a condition. @throws an Error that names the condition when the limit has passed. */
export async function waitFor(what: string, condition: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  if (!(await waitUntil(condition, limitMs))) throw new Error(`Timed out after ${limitMs} ms waiting for ${what}.`);
}
