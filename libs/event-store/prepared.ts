import { createHash } from 'node:crypto';

const names = new Map<string, string>();

/**
 * Registers a statement for each connection to parse and plan only once, and returns its text unchanged. Meant for the few statements
 * that run hundreds of times a second, where planning costs as much as the work itself.
 */
export function prepared(text: string): string {
  if (!names.has(text)) names.set(text, createHash('sha256').update(text).digest('base64url').slice(0, 20));
  return text;
}

/** Returns the name under which connections prepare a registered statement, or undefined for any other. */
export const preparedName = (text: string): string | undefined => names.get(text);
