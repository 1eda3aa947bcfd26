import type { Scope } from '#libs/auth/index.js';
import { findingsOf, type NewRow, type RowLabels } from '#libs/imports/index.js';
import { Problem, type ProblemError } from '#libs/problems/index.js';
import type { Caller } from '../auth/caller.js';
import { NewClaim } from '../claims/claim.body.js';
import { refuseForeignLocation } from '../claims/location-scope.js';
import { isFreeOfAddresses, label } from '../http/text.schema.js';
import { shapeErrors } from '../http/validation.pipe.js';
import { importTable } from './import.columns.js';
import type { SentRow, SentRows, TableForm } from './sent-rows.js';

/** How the rows of one kind of import are read. Only their shape is checked: the rules follow later. */
export interface RowForm {
  table: TableForm;
  read(sent: SentRow, rows: SentRows, caller: Caller): NewRow;
}

const RowBody = NewClaim.omit({ submit: true });

/** Rows that are claims to create. */
export const newClaimRows: RowForm = {
  table: importTable,
  read: (sent, rows, { scope }) => {
    const { row, body, errors } = sent;
    const labels = labelsOf(body);
    if (errors.length > 0) return refusedRow(row, labels, errors);
    const parsed = RowBody.safeParse(body);
    if (!parsed.success) return refusedRow(row, labels, shapeErrorsOf(parsed.error, rows));
    const foreign = foreignLocation(scope, parsed.data.partnerId);
    return foreign === null ? { row, labels, content: parsed.data } : { row, labels, findings: findingsOf(foreign) };
  },
};

/** Returns the problem of a location outside the scope, or null. */
export function foreignLocation(scope: Scope, partnerId: string | undefined): Problem | null {
  try {
    refuseForeignLocation(scope, partnerId);
    return null;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

export const shapeErrorsOf = (error: { issues: Parameters<typeof shapeErrors>[0] }, rows: SentRows): ProblemError[] =>
  shapeErrors(error.issues).map((each) => rows.nameOf(each));

const Label = label(200);

/** Returns what people recognise the row by, as far as it may be kept. */
export function labelsOf(body: object | null): RowLabels {
  const { name, externalReference } = (body ?? {}) as Record<string, unknown>;
  return { name: Label.safeParse(name).data, externalReference: Label.safeParse(externalReference).data };
}

/** Findings outlive the row's content, so a field name that is an email address is not stored. */
export const refusedRow = (row: number, labels: RowLabels, errors: ProblemError[]): NewRow => ({
  row,
  labels,
  findings: findingsOf(new Problem('invalid_request', { errors: errors.map(withoutAddress) })),
});

function withoutAddress({ field, ...error }: ProblemError): ProblemError {
  return field === undefined || !isFreeOfAddresses(field) ? error : { ...error, field };
}
