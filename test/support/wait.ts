import { waitUntil } from '#libs/embedded/index.js';

/** Use it instead of a fixed delay: waits for a condition. @throws an Error that names the condition when the limit has passed. */
export async function waitFor(what: string, condition: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  if (!(await waitUntil(condition, limitMs))) throw new Error(`Timed out after ${limitMs} ms waiting for ${what}.`);
}

/**
 * Use it for what follows an action a moment later, such as the focus after a dialog has closed: repeats an assertion until it holds. After the
 * limit, it throws what the assertion throws.
 */
export async function eventually(assertion: () => Promise<unknown>, limitMs = 30_000): Promise<void> {
  let fault: unknown;
  const holds = () =>
    assertion().then(
      () => true,
      (error: unknown) => {
        fault = error;
        return false;
      },
    );
  if (!(await waitUntil(holds, limitMs))) throw fault;
}
