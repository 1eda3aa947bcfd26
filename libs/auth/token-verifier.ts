import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Problem } from '#libs/problems/index.js';
import { z } from 'zod';
import { type Principal, toPrincipal } from './principal.js';

/** Asymmetric algorithms only: with a shared secret, every verifier could also issue tokens. */
export const tokenAlgorithms = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA'];

const clockToleranceSeconds = 30;
const realm = 'Bearer realm="cpor"';

export interface TokenRules {
  /** Must equal the `iss` claim exactly. */
  issuer: string;
  audience: string;
  keys: JWTVerifyGetKey;
}

/**
 * Verifies signature, algorithm, issuer, audience and times of a bearer token, and reads the caller.
 * @throws Problem `unauthenticated`, or `service_unavailable` when the issuer's keys cannot be had.
 */
export async function verifyToken(token: string, { issuer, audience, keys }: TokenRules): Promise<Principal> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: tokenAlgorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['sub', 'exp'],
    });
    return toPrincipal(payload);
  } catch (error) {
    const reason = refusalReason(error, audience);
    if (reason) throw unauthenticated(reason);
    throw new Problem('service_unavailable', {
      detail: "The token issuer's keys cannot be fetched.",
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  }
}

/** Returns a 401 with the challenge of RFC 6750. Omit the reason if no token was sent. */
export function unauthenticated(reason?: string): Problem {
  const challenge = reason ? `${realm}, error="invalid_token", error_description="${reason.replaceAll('"', "'")}"` : realm;
  return new Problem('unauthenticated', {
    detail: reason ?? 'The Authorization header is missing or is not "Bearer <token>".',
    headers: { 'WWW-Authenticate': challenge },
  });
}

const claimReasons: Record<string, (audience: string) => string> = {
  iss: () => 'The token comes from another issuer than the one this API trusts.',
  aud: (audience) => `The token is not meant for the audience "${audience}".`,
  nbf: () => 'The token is not valid yet.',
};

/** Describes what is wrong with the token; undefined if the token is not to blame. */
function refusalReason(error: unknown, audience: string): string | undefined {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return claimReasons[error.claim]?.(audience) ?? `The token's claim "${error.claim}" is missing or wrong.`;
  }
  if (error instanceof z.ZodError) return `The token's claim "${String(error.issues[0]?.path[0])}" has the wrong form.`;
  if (error instanceof errors.JOSEAlgNotAllowed) return `The token is not signed with one of ${tokenAlgorithms.join(', ')}.`;
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'The token is signed with a key the issuer does not publish.';
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The token's signature is wrong.";
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported)
    return 'The token is not a signed JWT.';
  return undefined;
}
