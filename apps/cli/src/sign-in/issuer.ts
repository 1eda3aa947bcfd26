import * as oidc from 'openid-client';
import type { Profile } from './profiles.js';

/** How long an issuer may take to answer, in seconds. */
const patienceSeconds = 20;

/** Reads what the issuer says of itself. Plain HTTP is allowed for this machine alone, where a sandbox is. */
export function discover(issuer: string, clientId: string): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const isHere = url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const execute = isHere ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(url, clientId, undefined, oidc.None(), { execute, timeout: patienceSeconds });
}

type Tokens = Pick<Profile, 'accessToken' | 'expiresAt' | 'refreshToken'>;

export const tokensOf = (response: oidc.TokenEndpointResponse, earlier: string | null = null): Tokens => ({
  accessToken: response.access_token,
  expiresAt: Date.now() + (response.expires_in ?? 300) * 1000,
  refreshToken: response.refresh_token ?? earlier,
});

/** Returns new tokens, or null if the sign-in has ended. */
export async function refreshed({ issuer, clientId, parameters, refreshToken }: Profile): Promise<Tokens | null> {
  if (refreshToken === null) return null;
  try {
    return tokensOf(await oidc.refreshTokenGrant(await discover(issuer, clientId), refreshToken, parameters), refreshToken);
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') return null;
    throw error;
  }
}

/** Tells the issuer that the tokens are no longer needed. */
export async function revoke({ issuer, clientId, refreshToken }: Profile): Promise<void> {
  if (refreshToken !== null)
    await oidc.tokenRevocation(await discover(issuer, clientId), refreshToken, { token_type_hint: 'refresh_token' });
}
