import { z } from 'zod';
import type { SessionKeys } from '#libs/sessions/index.js';

/** Long enough to find a password and a second factor. */
const minutes = 30;

const content = z.object({ nonce: z.string(), verifier: z.string(), returnTo: z.string(), until: z.number() });

/** What a sign-in must remember until the issuer sends the browser back. */
export interface PendingSignIn {
  nonce: string;
  /** The secret of PKCE. */
  verifier: string;
  returnTo: string;
}

/**
 * Seals a pending sign-in into the `state` parameter, so that nothing is stored for people who never come back, and several tabs can sign in
 * at once. It opens only together with the cookie of the browser that began.
 */
export function sealState(keys: SessionKeys, browser: string, pending: PendingSignIn): string {
  const until = Date.now() + minutes * 60_000;
  return keys.seal('sign-in', browser, JSON.stringify({ ...pending, until })).toString('base64url');
}

/** Returns the pending sign-in, or why the state is not good: altered or begun in another browser, or too old. */
export function openState(keys: SessionKeys, browser: string, state: string): PendingSignIn | 'foreign' | 'stale' {
  const text = keys.open('sign-in', browser, Buffer.from(state, 'base64url'));
  if (text === null) return 'foreign';
  const { until, ...pending } = content.parse(JSON.parse(text));
  return Date.now() > until ? 'stale' : pending;
}
