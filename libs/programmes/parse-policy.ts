import type { Policy } from './policy.js';
import type { PolicyFault } from './policy-consistency.js';
import { policySchema } from './policy-schema.js';

export type ParsedPolicy = { ok: true; policy: Policy } | { ok: false; faults: PolicyFault[] };

type Issue = NonNullable<ReturnType<typeof policySchema.safeParse>['error']>['issues'][number];

/** Validates a policy and returns the policy or all of its faults. `allowSeconds` accepts consent windows in seconds, for sandboxes. */
export function parsePolicy(input: unknown, options: { allowSeconds?: boolean } = {}): ParsedPolicy {
  const parsed = policySchema.safeParse(input);
  if (!parsed.success) return { ok: false, faults: parsed.error.issues.flatMap(toFaults) };
  const policy = parsed.data;
  const lengths = { 'clocks.consentWindow': policy.clocks.consentWindow, 'statementOfWork.signing': policy.statementOfWork?.signing };
  const inSeconds = Object.entries(lengths).filter(([, length]) => length?.unit === 'second');
  if (inSeconds.length > 0 && !options.allowSeconds) {
    const message = 'a window in seconds is allowed only in sandbox mode; use business_day or calendar_day';
    return { ok: false, faults: inSeconds.map(([path]) => ({ path: `${path}.unit`, code: 'sandbox_only', message })) };
  }
  return { ok: true, policy };
}

function toFaults(issue: Issue): PolicyFault[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const message = 'unknown field; remove it or correct its name';
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), code: 'unknown_field', message }));
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ path, code: 'required', message: 'this field is required' }];
  }
  const code = issue.code === 'custom' && typeof issue.params?.['code'] === 'string' ? issue.params['code'] : issue.code;
  return [{ path, code, message: issue.message }];
}
