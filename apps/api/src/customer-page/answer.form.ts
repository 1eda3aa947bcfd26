import { createHash, timingSafeEqual } from 'node:crypto';
import { type FormFault, maximumReasonLength } from '#libs/notices/index.js';

/** What a customer sent: lines and words as entered, and whether all lines are meant. */
export interface SentForm {
  formToken: string;
  lines: number[];
  reason: string;
  isAboutAll: boolean;
}

/** Reads the form without ever failing: what cannot be read was not entered. */
export function readForm(form: unknown): SentForm {
  const fields = (typeof form === 'object' && form !== null ? form : {}) as Record<string, unknown>;
  const lines = [fields['line'] ?? []].flat().map(Number);
  return {
    formToken: textOf(fields['formToken']),
    lines: [...new Set(lines)].filter((line) => Number.isInteger(line) && line > 0).sort((a, b) => a - b),
    // Browsers send line ends as CRLF but count them once.
    reason: textOf(fields['reason']).replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed().trim(),
    isAboutAll: textOf(fields['scope']) === 'all',
  };
}

/** Proves that the page was shown to who sends the form: only a holder of the link can know it, so no cookie is needed. */
export const formTokenOf = (linkToken: string): string => createHash('sha256').update(`answer-form/${linkToken}`).digest('base64url');

/** Why the answer cannot be taken as it is, or null. */
export function faultOf(sent: SentForm, linkToken: string, lines: number[]): FormFault | null {
  const expected = Buffer.from(formTokenOf(linkToken));
  const given = Buffer.from(sent.formToken);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'form_expired';
  if (sent.reason.length > maximumReasonLength) return 'reason_too_long';
  return lines.length === 0 ? 'no_line_selected' : null;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
