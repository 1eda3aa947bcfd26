export { allowedActions, type Reader, rolesFor } from './allowed-actions.js';
export { assignableRoles, hasByToken, isAssignable, type RoleAssignment, withAssignment } from './assignment.js';
export { type IssuerKeysOptions, issuerKeys } from './issuer-keys.js';
export { can, isSelfReview, type Permission, permissions } from './permission.js';
export { type Grant, type Principal, toPrincipal } from './principal.js';
export { isRole, type Role, roleSides, roles } from './role.js';
export {
  claimsOf,
  mintSandboxToken,
  type SandboxIdentity,
  sandboxKey,
  sandboxKeySet,
  sandboxKeys,
  type SandboxToken,
} from './sandbox-issuer.js';
export { isActingFor, type Scope, scopeOf, withPast } from './scope.js';
export { tokenAlgorithms, type TokenRules, unauthenticated, verifyToken } from './token-verifier.js';
