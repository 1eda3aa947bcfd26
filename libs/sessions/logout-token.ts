import { errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { tokenAlgorithms, type TokenRules } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import type { SessionStore } from './session-store.js';

const event = 'http://schemas.openid.net/event/backchannel-logout';
const clockToleranceSeconds = 30;
/** The standard recommends two minutes at most. */
const maximumAgeSeconds = 120;

/** Codes of errors that say nothing about the token. */
const outages = new Set([errors.JWKSTimeout.code, errors.JOSEError.code]);

const logoutClaims = z
  .object({
    iss: z.string(),
    jti: z.string().min(1).max(1_000),
    iat: z.number(),
    exp: z.number(),
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(1_000).optional(),
    events: z.looseObject({ [event]: z.looseObject({}) }),
    // An ID token has a nonce: it must not pass as a log-out token.
    nonce: z.undefined({ error: 'must be absent' }).optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined, { path: ['sid'], error: 'or sub must be present' });

export type LogoutClaims = z.output<typeof logoutClaims>;

/** Verifies a log-out token (OpenID Connect Back-Channel Logout 1.0, section 2.6). @throws Problem `logout_token_invalid` */
export async function verifyLogoutToken(token: string, { issuer, keys }: TokenRules, clientId: string): Promise<LogoutClaims> {
  const payload = await verified(token, { issuer, keys }, clientId);
  const { data, error } = logoutClaims.safeParse(payload);
  if (error === undefined) return data;
  const { path, message } = error.issues[0]!;
  throw new Problem('logout_token_invalid', { detail: `The token's claim "${String(path[0])}" is missing or wrong: ${message}.` });
}

async function verified(token: string, { issuer, keys }: Pick<TokenRules, 'issuer' | 'keys'>, clientId: string): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      algorithms: tokenAlgorithms,
      typ: 'logout+jwt',
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: maximumAgeSeconds,
      requiredClaims: ['exp', 'iat', 'jti'],
    });
    return payload;
  } catch (error) {
    // The keys could not be fetched: the issuer may send the token again.
    if (!(error instanceof errors.JOSEError) || outages.has(error.code)) throw new Problem('service_unavailable', { cause: error });
    throw new Problem('logout_token_invalid', { detail: `${error.message}.`, cause: error });
  }
}

/** Ends the sessions that a verified log-out token names. @throws Problem `logout_token_invalid` when it was used before. */
export async function endByLogoutToken(store: SessionStore, { iss, jti, sub, sid }: LogoutClaims): Promise<number> {
  const ended = await store.endAtIssuerOnce(`${iss} ${jti}`, maximumAgeSeconds + 2 * clockToleranceSeconds, iss, { sid, sub });
  if (ended === null) throw new Problem('logout_token_invalid', { detail: 'The token was used before.' });
  return ended;
}
