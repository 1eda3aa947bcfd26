import type { Scope } from '#libs/auth/index.js';

/** A customer knows of a claim once it was told, or asked: before that there is none for it, draft or not. */
const told = `(jsonb_array_length(c.state -> 'notices') > 0 OR jsonb_array_length(coalesce(c.state -> 'choices', '[]')) > 0)`;

/** SQL that is true for the rows of claims `c`, or of associations `a`, inside a scope; its parameters follow those of the caller. */
export function withinScope(scope: Scope, parameters: unknown[], table: 'c' | 'a' = 'c'): string {
  switch (scope.kind) {
    case 'everything':
      return scope.actsFor === undefined ? 'true' : unlessRival(scope.actsFor, parameters, table);
    case 'nothing':
      return 'false';
    case 'tenant': {
      const own = `${table}.tenant_id = $${parameters.push(scope.tenantId)}`;
      return table === 'c' ? `${own} AND ${told}` : own;
    }
    case 'partner': {
      const account = `${table}.partner_account_id = $${parameters.push(scope.accountId)}`;
      return scope.locations === 'all' ? account : `${account} AND ${table}.partner_id = ANY($${parameters.push(scope.locations)})`;
    }
  }
}

/** Nobody sees the claims of others on a target that a partner wants, or ever wanted, for which it acts: not even that they are there. */
function unlessRival(accounts: string[], parameters: unknown[], table: 'c' | 'a'): string {
  const own = `ANY($${parameters.push(accounts)})`;
  return `(${table}.partner_account_id = ${own} OR NOT EXISTS (
    SELECT FROM claim_lines theirs JOIN claim_lines ours USING (target) JOIN claims mine ON mine.claim_id = ours.claim_id
    WHERE theirs.claim_id = ${table}.claim_id AND mine.partner_account_id = ${own}))`;
}
