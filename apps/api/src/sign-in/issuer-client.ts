import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { Config, SignInConfig } from '#libs/config/index.js';
import type { IssuerTokens } from '#libs/sessions/index.js';
import type { PendingSignIn } from './pending-sign-in.js';

/** Shorter than the wait for a locked session, so that whoever waits for a renewal gets its result. */
const timeoutSeconds = 4;

/** What the issuer granted. */
export interface Grant {
  tokens: IssuerTokens;
  /** Subject and session in the issuer's ID token. */
  issuerSubject: string;
  issuerSession: string | null;
}

export interface AuthorizationOptions {
  state: string;
  pending: PendingSignIn;
  prompt?: string | undefined;
  loginHint?: string | undefined;
  language: string;
}

export type IssuerClientConfig = { oidc: Config['oidc']; signIn: SignInConfig; publicUrl: string };

/** Speaks OpenID Connect with the configured issuer: code flow with PKCE, refresh, log-out. Errors are those of openid-client. */
export class IssuerClient {
  private discovered: Promise<client.Configuration> | undefined;

  constructor(private readonly config: IssuerClientConfig) {}

  /** Returns the issuer's address that a browser is sent to. */
  async authorizationUrl({ state, pending, prompt, loginHint, language }: AuthorizationOptions): Promise<URL> {
    const { scopes, tokenTarget } = this.config.signIn;
    return client.buildAuthorizationUrl(await this.discover(), {
      redirect_uri: this.callbackUrl(),
      scope: scopes,
      state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      ui_locales: language,
      ...(prompt !== undefined && { prompt }),
      ...(loginHint !== undefined && { login_hint: loginHint }),
      ...(tokenTarget && { [tokenTarget.name]: tokenTarget.value }),
    });
  }

  /** Exchanges the code in a callback's query for tokens. The address is built from configuration, because a proxy may have changed the request's. */
  async exchange(query: string, state: string, { nonce, verifier }: PendingSignIn): Promise<Grant> {
    const address = new URL(this.callbackUrl());
    address.search = query;
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    const answer = await client.authorizationCodeGrant(await this.discover(), address, checks, this.resource());
    const claims = answer.claims()!;
    const { name, preferred_username: userName, email } = claims as Record<string, unknown>;
    return {
      tokens: {
        access: answer.access_token,
        refresh: answer.refresh_token ?? null,
        id: answer.id_token!,
        name: [name, userName, email].find((words): words is string => typeof words === 'string' && words !== '')?.slice(0, 200) ?? null,
      },
      issuerSubject: claims.sub,
      issuerSession: typeof claims['sid'] === 'string' ? claims['sid'] : null,
    };
  }

  /** Gets new tokens for a session that has a refresh token. */
  async refresh(tokens: IssuerTokens & { refresh: string }): Promise<IssuerTokens> {
    const answer = await client.refreshTokenGrant(await this.discover(), tokens.refresh, this.resource());
    return {
      ...tokens,
      access: answer.access_token,
      // An issuer that does not rotate refresh tokens sends none.
      refresh: answer.refresh_token ?? tokens.refresh,
      id: answer.id_token ?? tokens.id,
    };
  }

  /** Returns where the browser logs out at the issuer; null if the issuer has no such address. */
  async endSessionUrl(idToken: string): Promise<URL | null> {
    const configuration = await this.discover();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    return client.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: `${this.config.publicUrl}/` });
  }

  private callbackUrl(): string {
    return `${this.config.publicUrl}/sign-in/callback`;
  }

  /** The resource indicator belongs to every request for a token; the "audience" parameter only to the first. */
  private resource(): Record<string, string> {
    const { tokenTarget } = this.config.signIn;
    return tokenTarget?.name === 'resource' ? { resource: tokenTarget.value } : {};
  }

  /** Reads the issuer's discovery document once. A failure is not kept. */
  private discover(): Promise<client.Configuration> {
    this.discovered ??= this.readMetadata().catch((error: unknown) => {
      this.discovered = undefined;
      throw error;
    });
    return this.discovered;
  }

  private readMetadata(): Promise<client.Configuration> {
    const { oidc, signIn } = this.config;
    const issuer = new URL(oidc.issuer);
    return client.discovery(issuer, signIn.clientId, {}, authenticationOf(signIn), {
      timeout: timeoutSeconds,
      // The configuration allows http in a sandbox only.
      execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
    });
  }
}

/** Returns when an access token expires. */
export function expiryOf(accessToken: string): Date {
  return new Date(decodeJwt(accessToken).exp! * 1_000);
}

function authenticationOf({ clientSecret }: SignInConfig): client.ClientAuth {
  if (clientSecret === null) return client.None();
  return (server, ...rest) => {
    const takesBody = server.token_endpoint_auth_methods_supported?.includes('client_secret_post') === true;
    return (takesBody ? client.ClientSecretPost : client.ClientSecretBasic)(clientSecret)(server, ...rest);
  };
}
