/**
 * `refusal`: a rule forbids it. `shape`: the request is malformed. `auth`: the caller is unknown or lacks a permission. `fault`: the server
 * failed, and a retry may succeed.
 */
export type ProblemKind = 'refusal' | 'shape' | 'auth' | 'fault';

export interface ProblemText {
  /** What is wrong, in two to six words, without a full stop. */
  title: string;
  /** Why it happens, in one short sentence; also the `detail` of an answer that has none of its own. */
  cause: string;
  /** What to do about it, in the imperative, naming the endpoint or the field. */
  remedy: string;
}

export interface ProblemDefinition extends ProblemText {
  status: number;
  kind: ProblemKind;
  /** Of a validation finding: an error blocks the claim, a warning is recorded, a hold waits for a reviewer. */
  severity?: 'error' | 'warning' | 'hold';
  /** The request header at fault, if it is always the same. */
  header?: 'If-Match' | 'Idempotency-Key';
}

/** Adds a common status, kind and severity to each entry of a group. */
export function group<Code extends string>(
  common: Omit<ProblemDefinition, keyof ProblemText>,
  texts: Record<Code, ProblemText>,
): Record<Code, ProblemDefinition> {
  const entries = Object.entries<ProblemText>(texts).map(([code, text]) => [code, { ...common, ...text }]);
  return Object.fromEntries(entries) as Record<Code, ProblemDefinition>;
}
