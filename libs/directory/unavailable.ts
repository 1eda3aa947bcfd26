/** Why the directory gave no facts. */
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
  | 'crowded';

const worthAnotherTry: readonly UnavailableReason[] = ['unreachable', 'timed_out', 'failed', 'throttled'];
const ofTheService: readonly UnavailableReason[] = [...worthAnotherTry, 'unauthorised', 'refused', 'redirected', 'malformed'];

/** The directory gave no facts. The message names neither people nor what was asked about, so that it may be logged and shown. */
export class DirectoryUnavailable extends Error {
  override readonly name = 'DirectoryUnavailable';

  constructor(
    readonly reason: UnavailableReason,
    message: string,
    /** How long the directory asks to be left alone. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }

  /** Whether the same question may be answered a moment later. */
  get isTransient(): boolean {
    return worthAnotherTry.includes(this.reason);
  }

  /** Whether this one question has an answer that cannot be used, and will have none that can until the directory's record is mended. */
  get isOfRecord(): boolean {
    return this.reason === 'unusable';
  }

  /** Whether it says something about the service as a whole, not about one question. */
  get isOfService(): boolean {
    return ofTheService.includes(this.reason);
  }
}
