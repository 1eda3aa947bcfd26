import { fastifyCookie } from '@fastify/cookie';
import type { IncomingHttpHeaders } from 'node:http';
import { isSessionToken } from '#libs/sessions/index.js';

/** The prefix makes browsers accept the cookie only with Secure and Path=/, and from no other host. */
const sessionCookie = '__Host-cpor-session';
/** Ties a sign-in to the browser that began it. */
const signInCookie = '__Host-cpor-sign-in';

const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;

/** Returns the secret of the browser's session, null if it sent none that could be one. */
export const sessionTokenOf = (headers: IncomingHttpHeaders): string | null => tokenIn(headers, sessionCookie);

export const signInTokenOf = (headers: IncomingHttpHeaders): string | null => tokenIn(headers, signInCookie);

/** Lasts as long as the browser keeps it: the database decides when a session ends. */
export const sessionCookieWith = (token: string): string => fastifyCookie.serialize(sessionCookie, token, attributes);

export const signInCookieWith = (token: string): string => fastifyCookie.serialize(signInCookie, token, { ...attributes, maxAge: 86_400 });

export const noSessionCookie = fastifyCookie.serialize(sessionCookie, '', { ...attributes, maxAge: 0 });

function tokenIn({ cookie: sent }: IncomingHttpHeaders, name: string): string | null {
  if (sent === undefined) return null;
  const token = fastifyCookie.parse(sent)[name];
  return isSessionToken(token) ? token : null;
}
