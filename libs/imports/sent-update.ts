import type { Scope } from '#libs/auth/index.js';
import type { CommandType, Finding } from '#libs/claims/index.js';
import type { SentDetails } from '#libs/new-claims/index.js';
import type { ClaimName } from '#libs/read-models/index.js';

/** What a row may do with its claim, besides changing fields. */
export const updateActions = { submit: 'submitClaim', withdraw: 'withdrawClaim', disassociate: 'endAssociation' } as const satisfies Record<
  string,
  CommandType
>;
export type UpdateAction = keyof typeof updateActions;

/** The scope in which the sender may do each. */
export type UpdateScopes = Record<'edit' | UpdateAction, Scope>;

/** What a row of an update asks for, as it was sent. */
export interface SentUpdate {
  claim: { claimId: string } | ClaimName;
  /** The version for which the row was written. */
  version?: number | undefined;
  /** Omitted fields stay as they are, those of a contact too. */
  changes: SentDetails;
  action?: UpdateAction | undefined;
  /** Why, for the action. */
  reason?: string | undefined;
  /** Cells of columns that an exported table has too, by column: one that shows what the claim holds asks for nothing. */
  cells?: Record<string, string> | undefined;
  /** What is wrong with cells that cannot be read, by column. */
  unreadable?: Record<string, Finding> | undefined;
}
