/** Why the directory gave no answer. */
export type UnavailableReason =
  | 'unreachable'
  | 'timed_out'
  | 'failed'
  | 'throttled'
  | 'unauthorised'
  | 'refused'
  | 'redirected'
  | 'malformed'
  | 'unusable'
  | 'circuit_open'
  | 'overloaded';

const transientReasons: readonly UnavailableReason[] = ['unreachable', 'timed_out', 'failed', 'throttled'];
const serviceReasons: readonly UnavailableReason[] = [...transientReasons, 'unauthorised', 'refused', 'redirected', 'malformed'];

/** The directory gave no answer. The message contains no personal data and no part of the question, so it may be logged and shown. */
export class DirectoryUnavailable extends Error {
  override readonly name = 'DirectoryUnavailable';

  constructor(
    readonly reason: UnavailableReason,
    message: string,
    /** From the Retry-After header; null without one. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }

  /** Whether a retry may succeed. */
  get isTransient(): boolean {
    return transientReasons.includes(this.reason);
  }

  /** Whether the answer to this question is unusable, and will be until the vendor corrects the record. */
  get isOfRecord(): boolean {
    return this.reason === 'unusable';
  }

  /** Whether the service as a whole is at fault, not one question. */
  get isOfService(): boolean {
    return serviceReasons.includes(this.reason);
  }
}
