export { type Change, changeRoles, type ChangeOutcome, findAssignment, listMembers, type Member, noteSeen, type Wish } from './members.js';
export { listRoleChanges, type RoleChange } from './role-changes.js';
