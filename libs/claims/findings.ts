/** A fault or remark that the rules find in a claim (domain.md 6). */
export interface Finding {
  code: string;
  /** Errors refuse, warnings are recorded, holds wait until a reviewer clears them. */
  severity: 'error' | 'warning' | 'hold';
  /** The field as the API names it, such as `contacts.customer.email`. */
  field: string | null;
  line: number | null;
  /** What is wrong and what to do, for the person who has to correct it. */
  message: string;
}

/** Returns the claim's field that a finding is about: `contacts` for `contacts.customer.email`. */
export const fieldOf = (finding: Finding): string | undefined => finding.field?.split(/[.[]/)[0];

/** A refusal by the rules: a business outcome that lists everything wrong, not a fault. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(readonly findings: Finding[]) {
    super(findings.map((finding) => finding.code).join(', '));
  }
}

/** Refuses the command with one code. */
export function refuse(code: string, message: string, at: { field?: string; line?: number } = {}): never {
  throw new Refusal([{ code, severity: 'error', field: at.field ?? null, line: at.line ?? null, message }]);
}
