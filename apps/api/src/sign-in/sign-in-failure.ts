import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';

/** Why a sign-in did not succeed. A page explains each; the codes are stable. */
export const signInFailures = [
  'sign_in_off',
  'sign_in_cancelled',
  'sign_in_cookie_missing',
  'sign_in_stale',
  'issuer_unreachable',
  'issuer_refused',
  'issuer_answer_invalid',
  'token_wrong_issuer',
  'token_wrong_audience',
  'token_not_usable',
] as const;

export type SignInFailureCode = (typeof signInFailures)[number];

export const isSignInFailure = (code: string): code is SignInFailureCode => (signInFailures as readonly string[]).includes(code);

/** A sign-in that ends on a page of its own. `note` is for the log, and holds neither tokens nor codes. */
export class SignInFailure extends Error {
  override readonly name = 'SignInFailure';
  constructor(
    readonly code: SignInFailureCode,
    readonly note: string,
  ) {
    super(`${code}: ${note}`);
  }
}

const cancelled = new Set(['access_denied', 'login_required', 'interaction_required', 'consent_required', 'account_selection_required']);

/** Returns what an error of the conversation with the issuer means. Its causes are not kept: they can hold codes and tokens. */
export function toFailure(error: unknown): SignInFailure {
  if (error instanceof SignInFailure) return error;
  if (error instanceof AuthorizationResponseError)
    return new SignInFailure(cancelled.has(error.error) ? 'sign_in_cancelled' : 'issuer_refused', oauthCode(error.error));
  if (error instanceof ResponseBodyError) {
    if (error.status >= 500) return new SignInFailure('issuer_unreachable', `status ${error.status}`);
    // The code was used before, or waited too long.
    return new SignInFailure(error.error === 'invalid_grant' ? 'sign_in_stale' : 'issuer_refused', oauthCode(error.error));
  }
  if (error instanceof WWWAuthenticateChallengeError) return new SignInFailure('issuer_refused', 'client authentication');
  const code = codeOf(error);
  return new SignInFailure(outages.has(code) ? 'issuer_unreachable' : 'issuer_answer_invalid', code);
}

/** Codes of an issuer that is away, or answers with something that is no answer of an issuer: a proxy's page, for example. */
const outages = new Set(['TypeError', 'OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR']);

/** Returns whether the issuer refuses to renew a session, because it was ended there or its refresh token was used twice. */
export const isRefusedForGood = (error: unknown): boolean => error instanceof ResponseBodyError && error.error === 'invalid_grant';

/** An error code as the issuer sent it: it goes to the log only if it looks like one. */
const oauthCode = (code: string): string => (/^\w{1,60}$/.test(code) ? code : 'unknown error');

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
