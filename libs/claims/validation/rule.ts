import type { CheckContext } from '../context.js';
import type { ClaimDetails, EvidenceReference, LineDetails } from '../details.js';
import type { Finding } from '../findings.js';
import { shown } from '../shown.js';

/** When a rule is checked (domain.md 6): on saving (V), submission (S), approval (A), and before the association is official (O). */
export type Stage = 'save' | 'submit' | 'approve' | 'official';

/** What a partner states with a claim. */
export interface Statement {
  partnerAccountId: string;
  details: ClaimDetails;
  evidence: EvidenceReference[];
}

export interface Subject extends CheckContext, Statement {
  /** Numbers of lines that no longer claim anything; rules skip them. */
  closedLines: number[];
}

export interface Fault {
  field: string;
  line?: number | null;
  message: string;
}

export interface Rule {
  code: string;
  severity: Finding['severity'];
  stages: Stage[];
  find(subject: Subject): Fault[];
}

export const rule = (code: string, severity: Finding['severity'], stages: Stage[], find: Rule['find']): Rule => ({
  code,
  severity,
  stages,
  find,
});

/** Returns the fault if the condition holds. */
export const faultIf = (isWrong: boolean, field: string, message: string): Fault[] => (isWrong ? [{ field, message }] : []);

/** Returns the lines that claim something. */
export const claimedLines = ({ details, closedLines }: Subject): LineDetails[] =>
  details.lines.filter((line) => !closedLines.includes(line.line));

/** Checks each line; fields are named as in the API, by the line's position. */
export function eachLine(subject: Subject, find: (line: LineDetails) => { field: string; message: string } | null): Fault[] {
  return subject.details.lines.flatMap((line, index) => {
    const fault = subject.closedLines.includes(line.line) ? null : find(line);
    return fault === null ? [] : [{ field: `lines[${index}].${fault.field}`, line: line.line, message: fault.message }];
  });
}

export const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Quotes a malformed identifier at the start of a message; empty when none was given. */
export const malformed = (text: string, what: string): string => (text === '' ? '' : `${shown(text)} is not a ${what}. `);
