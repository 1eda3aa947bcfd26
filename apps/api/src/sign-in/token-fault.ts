import { decodeJwt } from 'jose';
import type { TokenRules } from '#libs/auth/index.js';
import { SignInFailure } from './sign-in-failure.js';

/**
 * Tells an administrator what is wrong with the tokens that the issuer gives this client: people can sign in there, but the API would refuse
 * every request. `reason` is what the API would answer; it names no claim's value.
 */
export function faultOfToken(
  accessToken: string,
  { issuer, audience }: Pick<TokenRules, 'issuer' | 'audience'>,
  reason: string,
): SignInFailure {
  const claims = claimsOf(accessToken);
  if (claims === null) return new SignInFailure('token_not_usable', 'the access token is not a JWT');
  if (claims.iss !== issuer) return new SignInFailure('token_wrong_issuer', reason);
  if (![claims.aud].flat().includes(audience)) return new SignInFailure('token_wrong_audience', reason);
  return new SignInFailure('token_not_usable', reason);
}

function claimsOf(token: string): ReturnType<typeof decodeJwt> | null {
  try {
    return decodeJwt(token);
  } catch {
    return null;
  }
}
