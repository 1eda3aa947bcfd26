export { type Change, changeRoles, type ChangeOutcome, findAssignment, listMembers, type Member, noteSeen } from './members.js';
export { listRoleChanges, type RoleChange } from './role-changes.js';
export type { Wish } from './wish.js';
