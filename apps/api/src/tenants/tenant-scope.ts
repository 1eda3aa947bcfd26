import type { Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';

/** Another's tenant does not exist for the caller. */
export function refuseOtherTenant(scope: Scope, tenantId: string): void {
  if (scope.kind !== 'tenant' || scope.tenantId !== tenantId) throw new Problem('not_found');
}
