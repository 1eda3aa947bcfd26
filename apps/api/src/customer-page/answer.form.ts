import { createHash, timingSafeEqual } from 'node:crypto';
import { type ChoiceFault, type FormFault, maximumReasonLength, type NoticeLine, type NoticeView } from '#libs/notices/index.js';

const scopes = ['selected', 'all', 'accept'] as const;

/** What a customer posted: lines, reason, action and, for a choice, the partner. */
export interface SentForm {
  formToken: string;
  lines: number[];
  reason: string;
  /** Null unless the form names exactly one action. */
  scope: (typeof scopes)[number] | null;
  isBlocking: boolean;
  candidate: string | null;
  /** Whether the form contains something the page never sends: a repeated field or an impossible value. */
  isGarbled: boolean;
}

/** Reads a posted form. Never throws and never guesses: an unreadable value is never taken for an answer. */
export function readForm(form: unknown): SentForm {
  const fields: Record<string, unknown> = typeof form === 'object' && form !== null ? { ...form } : {};
  const lines = [fields['line'] ?? []].flat().map(String);
  const numbers = lines.filter((line) => /^[1-9]\d{0,5}$/.test(line)).map(Number);
  const block = textOf(fields['block']);
  const isRepeated = ['formToken', 'reason', 'scope', 'block', 'candidate'].some((name) => Array.isArray(fields[name]));
  return {
    formToken: textOf(fields['formToken']),
    lines: [...new Set(numbers)].sort((a, b) => a - b),
    // Browsers send line breaks as CRLF but count them as one character.
    reason: textOf(fields['reason']).replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed().trim(),
    scope: scopes.find((scope) => scope === fields['scope']) ?? null,
    isBlocking: block === 'yes',
    candidate: textOf(fields['candidate']) || null,
    isGarbled: isRepeated || numbers.length < lines.length || !['', 'yes'].includes(block),
  };
}

/** Derives the token that proves that the sender was shown the form. Only the holder of the link can know it, so no cookie is needed. */
export const formTokenOf = (linkToken: string): string => createHash('sha256').update(`answer-form/${linkToken}`).digest('base64url');

/** Returns whether the sender was shown the page of this link. */
export function isShown({ formToken }: Pick<SentForm, 'formToken'>, linkToken: string): boolean {
  const expected = Buffer.from(formTokenOf(linkToken));
  const given = Buffer.from(formToken);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** `valid` with the lines to answer, `repeated` if they were answered before, or `faulty`. */
export type JudgedAnswer = { result: 'valid'; lines: number[] } | { result: 'repeated' } | { result: 'faulty'; fault: FormFault };

/** Judges a posted answer against the lines of its page. */
export function judgeAnswer(sent: SentForm, linkToken: string, view: Pick<NoticeView, 'lines'>): JudgedAnswer {
  const linesThat = (applies: (line: NoticeLine) => boolean) => view.lines.filter(applies).map(({ line }) => line);
  const shown = linesThat(() => true);
  const official = linesThat(({ state }) => state === 'official');
  const refusable = linesThat(({ state }) => state === 'open' || state === 'official');
  const acceptable = linesThat(({ state, isAccepted }) => state === 'open' && !isAccepted);
  const answerable = sent.scope === 'accept' ? acceptable : refusable;
  if (answerable.length === 0) return { result: 'repeated' };
  const lines = sent.scope === 'all' ? answerable : sent.lines.filter((line) => answerable.includes(line));
  const isSettled = lines.length === 0 && sent.lines.length > 0 && sent.lines.every((line) => shown.includes(line));
  if (isSettled) {
    const isOfficial = sent.scope === 'accept' && sent.lines.some((line) => official.includes(line));
    // Otherwise the form was posted twice: its lines are answered, and the receipt shows that.
    return isOfficial ? { result: 'faulty', fault: 'nothing_to_accept' } : { result: 'repeated' };
  }
  const fault = faultOf(sent, linkToken, { shown, meant: lines });
  return fault === null ? { result: 'valid', lines } : { result: 'faulty', fault };
}

function faultOf(sent: SentForm, linkToken: string, { shown, meant }: { shown: number[]; meant: number[] }): FormFault | null {
  const fault = commonFault(sent, linkToken);
  if (fault !== null) return fault;
  if (sent.lines.some((line) => !shown.includes(line))) return 'line_unknown';
  if (sent.scope === null) return 'no_action';
  if (sent.scope === 'accept' && sent.isBlocking) return 'block_with_acceptance';
  if (sent.scope === 'accept' && sent.reason !== '') return 'reason_with_acceptance';
  return meant.length === 0 ? 'no_line_selected' : null;
}

/** Returns why the choice cannot be recorded, or null. */
export function choiceFaultOf(sent: SentForm, linkToken: string, candidates: string[]): ChoiceFault | null {
  return commonFault(sent, linkToken) ?? (candidates.includes(sent.candidate ?? '') ? null : 'nothing_chosen');
}

function commonFault(sent: SentForm, linkToken: string): 'form_expired' | 'form_garbled' | 'reason_too_long' | null {
  if (!isShown(sent, linkToken)) return 'form_expired';
  if (sent.isGarbled) return 'form_garbled';
  return sent.reason.length > maximumReasonLength ? 'reason_too_long' : null;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
