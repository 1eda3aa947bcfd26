import { ConnectionError, OutcomePendingError, ProblemError } from '@cpor/client';
import { NotSignedIn, UsageError } from './faults.js';
import { oneLine } from './terminal.js';

/** What a script can tell from the exit code of a command over HTTP. */
export const exitCodes = {
  0: 'done',
  1: 'refused or failed; standard error says why',
  2: 'the arguments cannot be meant',
  3: 'not signed in, or the sign-in has ended',
  4: 'no answer from the installation, after all retries',
  5: 'stored but not executed yet; it will be',
  130: 'interrupted',
} as const;

/** Returns the exit code of an error, and what to say of it. */
export function explain(error: unknown): { code: keyof typeof exitCodes; words: string } {
  if (error instanceof UsageError) return { code: 2, words: error.message };
  if (error instanceof NotSignedIn) return { code: 3, words: error.message };
  if (error instanceof ProblemError) {
    const fields = error.errors.map(({ pointer, field, line, message }) => {
      const place = pointer ?? field ?? (line === undefined ? '' : `line ${line}`);
      return `  ${place === '' ? '' : `${place}: `}${oneLine(message)}`;
    });
    const words = [oneLine(error.message), ...fields, `(${error.code}${error.requestId ? `, request ${error.requestId}` : ''})`].join('\n');
    return error.status === 401 ? { code: 3, words: `${words}\nSign in again with: cpor login` } : { code: 1, words };
  }
  if (error instanceof ConnectionError) return { code: 4, words: error.message };
  if (error instanceof OutcomePendingError) return { code: 5, words: error.message };
  return { code: 1, words: error instanceof Error ? error.message : String(error) };
}
