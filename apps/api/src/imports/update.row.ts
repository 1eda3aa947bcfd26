import { z } from 'zod';
import { scopeOf } from '#libs/auth/index.js';
import { findingsOf, type SentUpdate, type UpdateAction, updateActions, type UpdateScopes } from '#libs/imports/index.js';
import { Problem, type ProblemError } from '#libs/problems/index.js';
import type { Caller } from '../auth/caller.js';
import { ClaimChanges } from '../claims/claim.body.js';
import { text, uuid } from '../http/text.schema.js';
import { foreignLocation, labelsOf, refusedRow, type RowForm, shapeErrorsOf } from './import.row.js';
import type { SentRow } from './sent-rows.js';
import { updateTable } from './update.columns.js';

const actions = Object.keys(updateActions) as [UpdateAction, ...UpdateAction[]];

const ClaimUpdate = ClaimChanges.extend({
  claimId: uuid,
  number: z
    .string()
    .overwrite((number) => number.trim().toUpperCase())
    .regex(/^CLM-\d{6,18}$/, 'Must be a claim number, such as CLM-000123'),
  version: z.int().min(1).max(1_000_000),
  action: z
    .string()
    .overwrite((action) => action.toLowerCase())
    .pipe(z.enum(actions)),
  reason: text(2_000),
}).partial();

/** The permission for each thing that a row can ask for. */
const permissionFor = {
  edit: 'claims.edit',
  submit: 'claims.submit',
  withdraw: 'claims.withdraw',
  disassociate: 'associations.disassociate',
} as const;

/** Returns the scopes in which a caller may do each. They are those of the request: what is assigned later does not count. */
export function updateScopes({ principal }: Caller): UpdateScopes {
  const scopes = Object.entries(permissionFor).map(([what, permission]) => [what, scopeOf(principal, permission)] as const);
  return Object.fromEntries(scopes) as UpdateScopes;
}

/** Rows that are changes to claims. */
export const claimUpdateRows: RowForm = {
  table: updateTable,
  read: (sent, rows, caller) => {
    const { row, body } = sent;
    const labels = labelsOf(body);
    if (sent.errors.length > 0) return refusedRow(row, labels, sent.errors);
    const parsed = ClaimUpdate.safeParse(body);
    if (!parsed.success) return refusedRow(row, labels, shapeErrorsOf(parsed.error, rows));
    const { claimId: _, number, version, action, reason, ...changes } = parsed.data;
    const claim = nameOf(parsed.data);
    // A reference that cannot be read would have named the claim.
    const nameless = 'unreadable' in sent && sent.unreadable!.length > 0 ? sent.unreadable! : [unnamed];
    const errors = [...(claim === null ? nameless : []), ...(reason !== undefined && action === undefined ? [reasonAlone] : [])];
    if (claim === null || errors.length > 0) return refusedRow(row, labels, errors);
    const forbidden = action === undefined ? null : forbiddenAction(caller, action);
    const problem = forbidden ?? foreignLocation(caller.scope, changes.partnerId);
    if (problem !== null) return { row, labels, findings: findingsOf(problem) };
    if ('externalReference' in claim) delete changes.externalReference;
    const content: SentUpdate = { claim, version, changes, action, reason, ...comparedIn(sent, number) };
    return { row, labels, content };
  },
};

/** Returns what is to be compared with the claim: the cells of a table; in JSON the number, which may only accompany the right id. */
function comparedIn(sent: SentRow, number: string | undefined): Pick<SentUpdate, 'cells' | 'unreadable'> {
  if (!('cells' in sent)) return number === undefined ? {} : { cells: { number } };
  const faults = (sent.unreadable ?? []).map((error) => [error.field, findingsOf(new Problem('invalid_request', { errors: [error] }))[0]]);
  return { cells: sent.cells, unreadable: Object.fromEntries(faults) as SentUpdate['unreadable'] };
}

function nameOf({ claimId, number, externalReference }: z.output<typeof ClaimUpdate>): SentUpdate['claim'] | null {
  if (claimId !== undefined) return { claimId };
  if (number !== undefined) return { number };
  return externalReference ? { externalReference } : null;
}

function forbiddenAction({ principal }: Caller, action: UpdateAction): Problem | null {
  const permission = permissionFor[action];
  if (scopeOf(principal, permission).kind === 'partner') return null;
  const detail = `This requires the permission ${permission}, which your token does not have.`;
  return new Problem('forbidden', { detail, errors: [{ field: 'action', pointer: '/action', code: 'forbidden', message: detail }] });
}

const unnamed: ProblemError = {
  field: 'claimId',
  code: 'required',
  message: 'Name the claim: fill in claimId, number or externalReference',
};
const reasonAlone: ProblemError = { field: 'reason', code: 'reason_without_action', message: 'A reason belongs to an action' };
