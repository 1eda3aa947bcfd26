import { type ClaimState, commandTable, type CommandType, commandTypes, phaseOf } from '#libs/claims/index.js';
import { isSelfReview, permissions } from './permission.js';
import type { Principal } from './principal.js';
import { type Role, roles, roleSides } from './role.js';

/** The caller to whom actions are offered. */
export type Reader = Pick<Principal, 'roles' | 'subject' | 'actsFor' | 'partnerAccountId'>;

/**
 * Returns the roles that may give a command, each within its scope; none for the system's own commands. The link in a notice needs no
 * role to refuse, to accept or to choose.
 */
export function rolesFor(command: CommandType): Role[] {
  const { givenBy } = commandTable[command];
  if (givenBy === 'system' || givenBy === 'signatory') return [];
  const granted: readonly Role[] = givenBy.flatMap((permission) => permissions[permission]);
  return roles.filter((role) => granted.includes(role));
}

/** Returns what a caller may do with a claim now; `contestedLines` are those whose target another partner wants or holds. */
export function allowedActions(state: ClaimState, reader: Reader, contestedLines: number[] = []): CommandType[] {
  const actsForPartner = isSelfReview(reader, state.partnerAccountId) || state.partnerSubjects.includes(reader.subject);
  const linePhases = state.lines.length === 0 ? [phaseOf(state)] : state.lines.map(({ phase }) => phase);
  return commandTypes.filter((command) => {
    const { phases, isJudgement, isOffered } = commandTable[command];
    const isClosedTo = (role: Role) => actsForPartner && isJudgement === true && roleSides[role] === 'vendor';
    return (
      rolesFor(command).some((role) => reader.roles.includes(role) && !isClosedTo(role)) &&
      linePhases.some((phase) => phases.includes(phase)) &&
      (isOffered?.(state, { subject: reader.subject, contestedLines }) ?? true)
    );
  });
}
