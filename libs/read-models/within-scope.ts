import type { Scope } from '#libs/auth/index.js';

/** A customer sees a claim only once it has been notified of it or asked about it. */
const isNotified = `(jsonb_array_length(c.state -> 'notices') > 0 OR jsonb_array_length(coalesce(c.state -> 'choices', '[]')) > 0)`;

/**
 * Returns SQL that is true for the claims `c`, or associations `a`, that a caller may see. Every read of claims goes through it. Adds its
 * parameters after the caller's.
 */
export function withinScope(scope: Scope, parameters: unknown[], table: 'c' | 'a' = 'c'): string {
  switch (scope.kind) {
    case 'everything':
      return scope.actsFor === undefined ? 'true' : unlessRival(scope.actsFor, parameters, table);
    case 'nothing':
      return 'false';
    case 'tenant': {
      const own = `${table}.tenant_id = $${parameters.push(scope.tenantId)}`;
      return table === 'c' ? `${own} AND ${isNotified}` : own;
    }
    case 'partner': {
      const account = `${table}.partner_account_id = $${parameters.push(scope.accountId)}`;
      return scope.locations === 'all' ? account : `${account} AND ${table}.partner_id = ANY($${parameters.push(scope.locations)})`;
    }
  }
}

/** A caller who also acts for partners must not see, or even count, other partners' claims on any target that one of those partners has claimed. */
function unlessRival(accounts: string[], parameters: unknown[], table: 'c' | 'a'): string {
  const own = `ANY($${parameters.push(accounts)})`;
  return `(${table}.partner_account_id = ${own} OR NOT EXISTS (
    SELECT FROM claim_lines theirs JOIN claim_lines ours USING (target) JOIN claims mine ON mine.claim_id = ours.claim_id
    WHERE theirs.claim_id = ${table}.claim_id AND mine.partner_account_id = ${own}))`;
}
