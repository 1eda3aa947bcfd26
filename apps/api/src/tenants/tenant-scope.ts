import type { Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';

/** Throws `not_found` for any tenant but the caller's own. */
export function refuseOtherTenant(scope: Scope, tenantId: string): void {
  if (scope.kind !== 'tenant' || scope.tenantId !== tenantId) throw new Problem('not_found');
}
