import type { Problem } from './generated/index.js';

/** Every error of this client but the reason of your own `AbortSignal`. */
export class CporError extends Error {
  override readonly name: string = 'CporError';
}

/** One entry of a problem's `errors`. */
export type FieldError = NonNullable<Problem['errors']>[number];

/** The API refused the request, and says why (RFC 9457). The message is meant for people; decide by `code`. */
export class ProblemError extends CporError {
  override readonly name = 'ProblemError';

  constructor(
    /** The whole answer. */
    readonly problem: Problem,
    /** From `Retry-After`. */
    readonly retryAfterMs: number | null = null,
  ) {
    super([problem.detail, problem.remedy].filter(Boolean).join(' ') || problem.title || `The API answered ${problem.status}.`);
  }

  /** HTTP status. */
  get status(): number {
    return this.problem.status;
  }

  /** Stable code, such as `evidence_missing`; `GET /problems/{code}` explains it. */
  get code(): string {
    return this.problem.code;
  }

  /** Quote it to the operator. */
  get requestId(): string {
    return this.problem.requestId;
  }

  /** What is wrong with single fields. */
  get errors(): readonly FieldError[] {
    return this.problem.errors ?? [];
  }

  /** The first message for each field, by JSON Pointer (`/contacts/customer/email`) or parameter name. */
  get fieldErrors(): Record<string, string> {
    const messages: Record<string, string> = {};
    for (const { pointer, field, message } of this.errors) messages[pointer ?? field ?? ''] ??= message;
    return messages;
  }
}

/** There was no answer, after all retries; `cause` is what `fetch` threw. */
export class ConnectionError extends CporError {
  override readonly name = 'ConnectionError';
}

/** A stored command has not been executed within `outcomeTimeoutMs`. It will be: read `operations.get(operationId)` later. */
export class OutcomePendingError extends CporError {
  override readonly name = 'OutcomePendingError';

  constructor(readonly operationId: string) {
    super(
      `The request is stored as operation ${operationId} and will be executed. Read the operation later; do not send the request again.`,
    );
  }
}

/** Returns whether an error is a problem, with one of these codes if any are given. */
export const isProblem = (error: unknown, ...codes: string[]): error is ProblemError =>
  error instanceof ProblemError && (codes.length === 0 || codes.includes(error.code));
