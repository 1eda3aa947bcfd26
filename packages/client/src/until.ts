import { CporError } from './errors.js';
import { pause } from './transport/pause.js';

export interface UntilOptions {
  /** How long to wait between two reads, in milliseconds. Default: 2,000. */
  pollMs?: number;
  /** How long to wait in all. Default: 60,000 milliseconds. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What was waited for has not come about in time. */
export class TimeoutError<Value = unknown> extends CporError {
  override readonly name = 'TimeoutError';

  constructor(
    timeoutMs: number,
    /** What was read last. */
    readonly last: Value,
  ) {
    super(`What was waited for has not come about within ${timeoutMs} ms.`);
  }
}

/**
 * Reads again and again until what is read meets a condition, and returns it.
 * @throws TimeoutError, which holds what was read last
 */
export async function until<Value>(
  read: () => PromiseLike<Value>,
  isMet: (value: Value) => boolean,
  { pollMs = 2_000, timeoutMs = 60_000, signal }: UntilOptions = {},
): Promise<Value> {
  const endsAt = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (isMet(value)) return value;
    if (Date.now() + pollMs > endsAt) throw new TimeoutError(timeoutMs, value);
    await pause(pollMs, signal);
  }
}
