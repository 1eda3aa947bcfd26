import { createHmac, timingSafeEqual } from 'node:crypto';
import { SealingKeys } from '#libs/sealing/index.js';

/** What is sealed. Each purpose has its own key, so that nothing sealed for one is accepted for another. */
export type SealPurpose = 'session tokens' | 'sign-in' | 'sign-out';

/** Seals what belongs to sessions, and makes the tokens that protect forms. */
export class SessionKeys extends SealingKeys<SealPurpose> {
  /** Returns the token that a page sends with a change. It belongs to one session and cannot be derived from outside. */
  csrfToken(sessionToken: string): string {
    return createHmac('sha256', this.keyOf('csrf')).update(sessionToken).digest('base64url');
  }

  isCsrfToken(sessionToken: string, sent: string | undefined): boolean {
    const [expected, given] = [Buffer.from(this.csrfToken(sessionToken)), Buffer.from(sent ?? '')];
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
}
