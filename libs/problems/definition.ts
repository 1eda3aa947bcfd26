/**
 * `refusal`: the rules said no. `shape`: the request could not be understood. `auth`: the caller is unknown or may not. `fault`: ours, and worth a retry.
 */
export type ProblemKind = 'refusal' | 'shape' | 'auth' | 'fault';

export interface ProblemText {
  title: string;
  /** Why it happens. */
  cause: string;
  /** What the caller can do about it. */
  remedy: string;
}

export interface ProblemDefinition extends ProblemText {
  status: number;
  kind: ProblemKind;
  /** What a finding of a claim's validation does: an error blocks, a warning is recorded, a hold waits for a reviewer. */
  severity?: 'error' | 'warning' | 'hold';
  /** The request header that it is always about. */
  header?: 'If-Match' | 'Idempotency-Key';
}

/** Gives every text of a group the same kind, status and severity. */
export function group<Code extends string>(
  common: Omit<ProblemDefinition, keyof ProblemText>,
  texts: Record<Code, ProblemText>,
): Record<Code, ProblemDefinition> {
  const entries = Object.entries<ProblemText>(texts).map(([code, text]) => [code, { ...common, ...text }]);
  return Object.fromEntries(entries) as Record<Code, ProblemDefinition>;
}
