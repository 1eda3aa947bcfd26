import type { Scope } from '#libs/auth/index.js';
import { DetailsReader } from '#libs/new-claims/index.js';
import type { ClaimRow } from '#libs/read-models/index.js';
import type { CommandContent } from '../commands/command.service.js';
import type { ClaimChanges } from './claim.body.js';
import { refuseForeignLocation } from './location-scope.js';

/** Builds the content of an edit from the claim's current state. */
export const editOf =
  (sent: ClaimChanges, scope: Scope) =>
  ({ state, people }: ClaimRow, commandId: string): CommandContent<'editClaim'> => {
    const { contacts, revenue } = state.details;
    const reader = new DetailsReader(commandId, { contacts, revenue, people, lines: state.lines.map((line) => line.line) });
    const changes = reader.read(sent);
    refuseForeignLocation(scope, changes.partnerId);
    return { body: { changes }, personal: reader.personal, details: { ...state.details, ...changes } };
  };
