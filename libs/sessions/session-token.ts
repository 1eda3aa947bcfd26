import { createHash, randomBytes } from 'node:crypto';

const form = /^[\w-]{43}$/;

/** Makes the secret of a session: 256 random bits. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url');

export const isSessionToken = (text: string | undefined): text is string => text !== undefined && form.test(text);

/** Returns what is stored of a token. It is random, so a plain digest cannot be guessed. */
export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
