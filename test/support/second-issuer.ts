import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Role } from '#libs/auth/index.js';
import { html } from '#libs/html/index.js';

/** Somebody who can sign in: what the issuer says of them. */
export interface Person {
  subject: string;
  name: string;
  roles: Role[];
  partner?: string;
  locations?: string[];
  tenant?: string;
}

export const testClient = 'cpor-test';

/**
 * Use it to test sign-in: a real OpenID Connect issuer that is not ours, with a page to choose a person. It can be made to misbehave: to be
 * away, to give out tokens for somebody else, to forget what it granted.
 */
export class SecondIssuer {
  /** The "aud" of access tokens. */
  audience = 'cpor';
  accessTokenSeconds = 600;
  /** Whether every request fails, as behind a proxy whose server is gone. */
  isDown = false;
  /** Whether access tokens are random text, which only the issuer can read. */
  isOpaque = false;
  /** How many times a refresh token was used. */
  refreshes = 0;
  /** What was asked of the token endpoint, for checks of parameters. */
  readonly authorizations: URLSearchParams[] = [];
  private readonly grants = new Map<string, string>();

  private provider!: Provider;
  private key!: CryptoKey;

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private readonly people: Person[],
  ) {}

  /** Takes an address. It answers once it has been told of the API, which in turn needs its address to start. */
  static async start(people: Person[]): Promise<SecondIssuer> {
    const server = createServer().listen(0, 'localhost');
    await once(server, 'listening');
    // Another host name than the API's, so that a browser treats the two as different sites.
    return new SecondIssuer(`http://localhost:${(server.address() as AddressInfo).port}`, server, people);
  }

  /** Registers the API as a client, and begins to answer. */
  async serve(apiUrl: string): Promise<void> {
    this.provider = new Provider(this.url, await this.configuration(apiUrl));
    this.provider.on('grant.success', ({ oidc }) => {
      if (oidc.params?.['grant_type'] === 'refresh_token') this.refreshes += 1;
    });
    const callback = this.provider.callback();
    this.server.on('request', (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
      if (this.isDown) return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      if (pathname === '/auth') this.authorizations.push(searchParams);
      if (!pathname.startsWith('/interaction/')) return void callback(request, response);
      if (request.method !== 'POST') return void response.writeHead(200, { 'content-type': 'text/html' }).end(loginPage(this.people));
      const chosen = searchParams.get('as');
      const result = chosen === null ? { error: 'access_denied', error_description: 'No.' } : { login: { accountId: chosen } };
      this.provider
        .interactionFinished(request, response, result, { mergeWithLastSubmission: false })
        .catch((error: Error) => response.writeHead(400).end(error.message));
    });
  }

  /** The API's settings that make it trust this issuer. */
  get env(): Record<string, string> {
    return { OIDC_ISSUER: this.url, OIDC_CLIENT_ID: testClient };
  }

  /** Forgets what it granted to a person, so that their next refresh is refused for good. */
  async forget(subject: string): Promise<void> {
    const grant = await this.provider.Grant.find(this.grants.get(subject)!);
    await grant!.destroy();
  }

  /** Signs any claims with the issuer's key. */
  sign(claims: Record<string, unknown>, typ: string): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'second', typ }).sign(this.key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async configuration(apiUrl: string): Promise<Configuration> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    this.key = privateKey;
    const personOf = (subject: string) => this.people.find((person) => person.subject === subject)!;
    return {
      jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'second' }] },
      cookies: { keys: ['for tests only'] },
      renderError: (ctx, { error, error_description: why }) => {
        ctx.body = `${error}: ${why}`;
      },
      clients: [
        {
          client_id: testClient,
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: [`${apiUrl}/sign-in/callback`],
          post_logout_redirect_uris: [`${apiUrl}/`],
          id_token_signed_response_alg: 'ES256',
          backchannel_logout_uri: `${apiUrl}/sign-in/back-channel-logout`,
          backchannel_logout_session_required: true,
        },
      ],
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      claims: { profile: ['name'], openid: ['sub'] },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ sub: subject, name: personOf(subject).name }) }),
      loadExistingGrant: async ({ oidc }) => {
        const grant = new this.provider.Grant({ clientId: testClient, accountId: oidc.session!.accountId! });
        grant.addOIDCScope('openid profile email offline_access');
        grant.addResourceScope(`urn:${testClient}`, 'openid');
        this.grants.set(oidc.session!.accountId!, await grant.save());
        return grant;
      },
      issueRefreshToken: () => true,
      rotateRefreshToken: true,
      ttl: {
        AccessToken: () => this.accessTokenSeconds,
        Grant: 86_400,
        Session: 86_400,
        RefreshToken: 86_400,
        Interaction: 3_600,
        IdToken: 600,
      },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      extraTokenClaims: (_, token) => {
        const { roles, partner, locations, tenant } = personOf((token as { accountId: string }).accountId);
        return {
          cpor_roles: roles,
          ...(partner && { cpor_partner: partner, cpor_locations: locations ?? ['*'] }),
          ...(tenant && { cpor_tenant: tenant }),
        };
      },
      // The client under test listens on this machine, which an issuer would refuse to call.
      fetch: (input, { dispatcher: _, ...init } = {}) => globalThis.fetch(input, init),
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => `urn:${testClient}`,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: 'openid',
            audience: this.audience,
            accessTokenTTL: this.accessTokenSeconds,
            accessTokenFormat: this.isOpaque ? 'opaque' : 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
      },
    };
  }
}

/** Offers each person as a button, and one to cancel. */
function loginPage(people: Person[]): string {
  const buttons = people.map(({ subject, name }) => html`<button formaction="?as=${encodeURIComponent(subject)}">${name}</button>`);
  return html`<!doctype html><title>Second issuer</title><h1>Who are you?</h1>
<form method="post">${buttons}<button formaction="?">Cancel</button></form>`.toString();
}
