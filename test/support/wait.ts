import { waitUntil } from '#libs/embedded/index.js';

/** Waits for a condition, and fails with what was waited for. */
export async function waitFor(what: string, condition: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  if (!(await waitUntil(condition, limitMs))) throw new Error(`Waited ${limitMs} ms in vain for ${what}.`);
}
