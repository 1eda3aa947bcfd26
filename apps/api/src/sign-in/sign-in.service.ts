import { Logger } from '@nestjs/common';
import { randomNonce, randomPKCECodeVerifier } from 'openid-client';
import { type TokenRules, verifyToken } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { browserName, newSessionToken, type SessionKeys, type SessionStore } from '#libs/sessions/index.js';
import { expiryOf, type IssuerClient } from './issuer-client.js';
import { openState, type PendingSignIn, sealState } from './pending-sign-in.js';
import { safeReturnTo } from './return-to.js';
import { SignInFailure, type SignInFailureCode, toFailure } from './sign-in-failure.js';
import { faultOfToken } from './token-fault.js';

export interface SignInRequest {
  returnTo: unknown;
  prompt: string | undefined;
  loginHint: string | undefined;
  language: string;
  /** The cookie that ties sign-ins to this browser; null before the first. */
  browser: string | null;
}

/** Where the browser goes next. */
export interface Onward {
  address: string;
  /** The cookie's new value, if it changes. */
  token?: string;
}

export interface Returned {
  /** The query of the callback, as sent. */
  query: string;
  state: string | undefined;
  browser: string | null;
  /** The session that the browser still has. */
  earlierToken: string | null;
  userAgent: string | undefined;
}

/** Signs people in. Whatever goes wrong ends on a page that says so. */
export class SignInService {
  private readonly logger = new Logger('SignIn');

  constructor(
    private readonly store: SessionStore,
    private readonly keys: SessionKeys,
    /** Null when nobody can sign in. */
    private readonly issuer: IssuerClient | null,
    private readonly rules: TokenRules,
    private readonly publicUrl: string,
  ) {}

  /** Begins a sign-in: returns the issuer's address and the cookie to take along. */
  async begin({ returnTo, prompt, loginHint, language, browser }: SignInRequest): Promise<Onward> {
    const token = browser ?? newSessionToken();
    const pending = { nonce: randomNonce(), verifier: randomPKCECodeVerifier(), returnTo: safeReturnTo(returnTo, this.publicUrl) };
    try {
      if (this.issuer === null) throw new SignInFailure('sign_in_off', 'OIDC_CLIENT_ID is not set');
      const state = sealState(this.keys, token, pending);
      const address = await this.issuer.authorizationUrl({ state, pending, prompt, loginHint, language });
      return { address: address.href, token };
    } catch (error) {
      return { address: this.failed(error, pending.returnTo) };
    }
  }

  /** Finishes a sign-in: returns the page to open and the new session's cookie. */
  async finish(returned: Returned): Promise<Onward> {
    let pending: PendingSignIn | null = null;
    try {
      pending = this.pendingOf(returned);
      return { address: pending.returnTo, token: await this.startSession(returned, pending) };
    } catch (error) {
      return { address: this.failed(error, pending?.returnTo) };
    }
  }

  private pendingOf({ state, browser }: Returned): PendingSignIn {
    if (browser === null) throw new SignInFailure('sign_in_cookie_missing', 'no cookie');
    const pending = openState(this.keys, browser, state ?? '');
    if (pending === 'foreign') throw new SignInFailure('sign_in_stale', 'state was not made for this browser');
    if (pending === 'stale') throw new SignInFailure('sign_in_stale', 'state is too old');
    return pending;
  }

  private async startSession({ query, state, earlierToken, userAgent }: Returned, pending: PendingSignIn): Promise<string> {
    if (this.issuer === null) throw new SignInFailure('sign_in_off', 'OIDC_CLIENT_ID is not set');
    const { tokens, issuerSubject, issuerSession } = await this.issuer.exchange(query, state!, pending);
    const { subject } = await verifyToken(tokens.access, this.rules).catch((error: unknown) => {
      throw error instanceof Problem && error.code === 'unauthenticated' ? faultOfToken(tokens.access, this.rules, error.detail) : error;
    });
    const session = { issuer: this.rules.issuer, subject, issuerSubject, issuerSession, tokens };
    const more = { accessExpiresAt: expiryOf(tokens.access), browser: browserName(userAgent) };
    return this.store.begin({ ...session, ...more }, earlierToken);
  }

  /** Logs why, and returns the address of the page that explains it. */
  private failed(error: unknown, returnTo?: string): string {
    const { code, note } = error instanceof Problem ? new SignInFailure('issuer_unreachable', error.code) : toFailure(error);
    this.logger.warn(`A sign-in failed: ${code}, ${note}.`);
    return problemAddress(code, returnTo);
  }
}

export function problemAddress(code: SignInFailureCode, returnTo?: string): string {
  return `/sign-in/problems/${code}${returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo }).toString()}`}`;
}
