import type { Problem as ProblemBody } from '../client/index.js';

/** An answer of the API that is no success, or no answer at all (`code` "network"). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(readonly body: ProblemBody) {
    super(body.detail);
  }

  get code(): string {
    return this.body.code;
  }

  get status(): number {
    return this.body.status;
  }

  /** The errors of single fields, by their JSON Pointer (`/contacts/customer/email`) or parameter name. */
  get fieldErrors(): Record<string, string> {
    const errors: Record<string, string> = {};
    for (const { pointer, field, message } of this.body.errors ?? []) errors[pointer ?? field ?? ''] ??= message;
    return errors;
  }
}

export const isProblem = (error: unknown, ...codes: string[]): error is ApiProblem =>
  error instanceof ApiProblem && (codes.length === 0 || codes.includes(error.code));

/** Stands for an answer that never came. */
export function networkProblem(): ApiProblem {
  return new ApiProblem({
    type: 'about:blank',
    title: 'No connection',
    status: 503,
    code: 'network',
    detail: 'The server could not be reached.',
    remedy: 'Check your connection and try again.',
    instance: '',
    requestId: '',
  });
}
