import type { CheckContext } from '../context.js';
import type { ClaimDetails, EvidenceReference, LineDetails } from '../details.js';
import type { Finding } from '../findings.js';
import { shown } from '../shown.js';

/** When a rule is checked (domain.md 6): V saving, S submission, A approval, O before the association is official. */
export type Stage = 'save' | 'submit' | 'approve' | 'official';

/** What a partner states with a claim. */
export interface Statement {
  partnerAccountId: string;
  details: ClaimDetails;
  evidence: EvidenceReference[];
}

export interface Subject extends CheckContext, Statement {
  /** Numbers of lines that claim nothing any more; no rule looks at them. */
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

/** A rule that finds a fault, or none. */
export const rule = (code: string, severity: Finding['severity'], stages: Stage[], find: Rule['find']): Rule => ({
  code,
  severity,
  stages,
  find,
});

/** A fault when the condition holds. */
export const faultIf = (isWrong: boolean, field: string, message: string): Fault[] => (isWrong ? [{ field, message }] : []);

/** The lines that claim something. */
export const claimedLines = ({ details, closedLines }: Subject): LineDetails[] =>
  details.lines.filter((line) => !closedLines.includes(line.line));

/** Checks each line; the field is named as the API names it, by position. */
export function eachLine(subject: Subject, find: (line: LineDetails) => { field: string; message: string } | null): Fault[] {
  return subject.details.lines.flatMap((line, index) => {
    const fault = subject.closedLines.includes(line.line) ? null : find(line);
    return fault === null ? [] : [{ field: `lines[${index}].${fault.field}`, line: line.line, message: fault.message }];
  });
}

export const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** What stood in the place of an identifier, before what to do; nothing stood there when it is empty. */
export const noSuch = (text: string, what: string): string => (text === '' ? '' : `${shown(text)} is no ${what}. `);
