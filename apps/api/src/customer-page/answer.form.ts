import { createHash, timingSafeEqual } from 'node:crypto';
import { type ChoiceFault, type FormFault, maximumReasonLength } from '#libs/notices/index.js';

/** What a customer sent: lines and words as entered, what it does with them, and which partner it chose. */
export interface SentForm {
  formToken: string;
  lines: number[];
  reason: string;
  scope: 'selected' | 'all' | 'accept';
  isBlocking: boolean;
  candidate: string | null;
}

/** Reads the form without ever failing: what cannot be read was not entered. */
export function readForm(form: unknown): SentForm {
  const fields = (typeof form === 'object' && form !== null ? form : {}) as Record<string, unknown>;
  const lines = [fields['line'] ?? []].flat().map(Number);
  const scope = textOf(fields['scope']);
  return {
    formToken: textOf(fields['formToken']),
    lines: [...new Set(lines)].filter((line) => Number.isInteger(line) && line > 0).sort((a, b) => a - b),
    // Browsers send line ends as CRLF but count them once.
    reason: textOf(fields['reason']).replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed().trim(),
    scope: scope === 'all' || scope === 'accept' ? scope : 'selected',
    isBlocking: textOf(fields['block']) !== '',
    candidate: textOf(fields['candidate']) || null,
  };
}

/** Proves that the page was shown to who sends the form: only a holder of the link can know it, so no cookie is needed. */
export const formTokenOf = (linkToken: string): string => createHash('sha256').update(`answer-form/${linkToken}`).digest('base64url');

/** Why the answer cannot be taken as it is, or null. */
export function faultOf(sent: SentForm, linkToken: string, lines: number[]): FormFault | null {
  const fault = commonFault(sent, linkToken);
  if (fault !== null) return fault;
  if (sent.scope === 'accept' && sent.isBlocking) return 'block_with_acceptance';
  if (sent.scope === 'accept' && sent.reason !== '') return 'reason_with_acceptance';
  return lines.length === 0 ? 'no_line_selected' : null;
}

/** Why the choice cannot be taken as it is, or null. */
export function choiceFaultOf(sent: SentForm, linkToken: string, candidates: string[]): ChoiceFault | null {
  return commonFault(sent, linkToken) ?? (candidates.includes(sent.candidate ?? '') ? null : 'nothing_chosen');
}

function commonFault(sent: SentForm, linkToken: string): 'form_expired' | 'reason_too_long' | null {
  const expected = Buffer.from(formTokenOf(linkToken));
  const given = Buffer.from(sent.formToken);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'form_expired';
  return sent.reason.length > maximumReasonLength ? 'reason_too_long' : null;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
