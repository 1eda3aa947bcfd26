/** One thing the rules have to say about a claim (domain.md 6). */
export interface Finding {
  code: string;
  /** Errors block, warnings are recorded, holds wait for a reviewer to clear them. */
  severity: 'error' | 'warning' | 'hold';
  /** The field in the terms of the API, such as `contacts.customer.email`. */
  field: string | null;
  line: number | null;
  /** What is wrong and what to do, for the person who has to mend it. */
  message: string;
}

/** The field of the claim that a finding is about: `contacts` for `contacts.customer.email`. */
export const fieldOf = (finding: Finding): string | undefined => finding.field?.split(/[.[]/)[0];

/** The rules said no: a business outcome with everything that was wrong, not a fault. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(readonly findings: Finding[]) {
    super(findings.map((finding) => finding.code).join(', '));
  }
}

/** Refuses with one code. */
export function refuse(code: string, message: string, at: { field?: string; line?: number } = {}): never {
  throw new Refusal([{ code, severity: 'error', field: at.field ?? null, line: at.line ?? null, message }]);
}
