import type { IncomingHttpHeaders } from 'node:http';
import { isSessionToken } from '#libs/sessions/index.js';

/** The prefix makes browsers accept the cookie only with Secure and Path=/, and from no other host. */
const sessionCookie = '__Host-cpor-session';
/** Ties a sign-in to the browser that began it. */
const signInCookie = '__Host-cpor-sign-in';

const attributes = '; Path=/; HttpOnly; Secure; SameSite=Lax';
const day = '; Max-Age=86400';
const gone = '; Max-Age=0';

/** Returns the secret of the browser's session, null if it sent none that could be one. */
export const sessionTokenOf = (headers: IncomingHttpHeaders): string | null => tokenIn(headers, sessionCookie);

export const signInTokenOf = (headers: IncomingHttpHeaders): string | null => tokenIn(headers, signInCookie);

/** Lasts as long as the browser keeps it: the database decides when a session ends. */
export const sessionCookieWith = (token: string): string => `${sessionCookie}=${token}${attributes}`;

export const signInCookieWith = (token: string): string => `${signInCookie}=${token}${attributes}${day}`;

export const noSessionCookie = `${sessionCookie}=${attributes}${gone}`;

/** Only our own tokens are looked for, so no decoding is needed. */
function tokenIn({ cookie }: IncomingHttpHeaders, name: string): string | null {
  const pair = cookie
    ?.split(';')
    .map((sent) => sent.trim())
    .find((sent) => sent.startsWith(`${name}=`));
  const token = pair?.slice(name.length + 1);
  return isSessionToken(token) ? token : null;
}
