import type { Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';

/** Refuses a location outside the caller's scope. The directory knows which locations the company has. */
export function refuseForeignLocation(scope: Scope, partnerId: string | undefined): void {
  if (scope.kind !== 'partner' || scope.locations === 'all' || partnerId === undefined || partnerId === '') return;
  if (scope.locations.includes(partnerId)) return;
  const message = `Your token covers ${scope.locations.join(', ')}, not ${partnerId}.`;
  throw new Problem('not_own_location', {
    detail: message,
    errors: [{ field: 'partnerId', pointer: '/partnerId', code: 'not_own_location', message }],
  });
}
