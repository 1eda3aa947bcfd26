import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Configuration, Grant, KoaContextWithOIDC } from 'oidc-provider';
import { claimsOf, sandboxKey } from '#libs/auth/index.js';
import { samplePersonOf } from '#libs/sample-data/index.js';
import { renderFault, renderLeave, renderLeft } from './pages/messages.page.js';
import { languageOf } from './pages/page.js';
import { prepareRecords, RecordFolder } from './record-folder.js';

export interface SandboxIssuerOptions {
  /** Ends with `/sandbox/issuer`. */
  issuer: string;
  audience: string;
  /** Where the sandbox's key lies. */
  dataDirectory: string;
  /** The product's public URL, without a slash at the end. */
  homeUrl: string;
  /** Called when the issuer itself failed, or could not tell the console of a log-out. */
  onFault: (message: string) => void;
}

/** The clients: the console of this installation, and the command line. */
export const consoleClient = 'cpor-console';
const commandLineClient = 'cpor-cli';

const minute = 60;
const day = 24 * 60 * minute;

/** In seconds. A log-in of the sandbox outlives a weekend. */
const lifetimes = {
  AccessToken: 10 * minute,
  AuthorizationCode: minute,
  IdToken: 60 * minute,
  Interaction: 15 * minute,
  Grant: 14 * day,
  RefreshToken: 14 * day,
  Session: 14 * day,
};

export const recordsOf = (dataDirectory: string): string => join(dataDirectory, 'issuer', 'records');

/** Derives a secret from the sandbox's key, so that it survives a restart and is the same in all processes. */
export async function secretFor(dataDirectory: string, purpose: string): Promise<string> {
  const { d } = await sandboxKey(dataDirectory);
  return createHmac('sha256', d!).update(purpose).digest('base64url');
}

type InteractionPolicy = typeof import('oidc-provider').interactionPolicy;

/** Returns the settings of the OpenID provider. */
export async function configurationOf(options: SandboxIssuerOptions, policies: InteractionPolicy): Promise<Configuration> {
  const { issuer, audience, dataDirectory, homeUrl } = options;
  const records = recordsOf(dataDirectory);
  await prepareRecords(records);
  const path = new URL(issuer).pathname;
  return {
    jwks: { keys: [await sandboxKey(dataDirectory)] },
    adapter: (kind) => new RecordFolder(records, kind),
    clients: [
      {
        client_id: consoleClient,
        client_name: 'cpor',
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${homeUrl}/sign-in/callback`],
        post_logout_redirect_uris: [`${homeUrl}/`],
        backchannel_logout_uri: `${homeUrl}/sign-in/back-channel-logout`,
        backchannel_logout_session_required: true,
      },
      {
        client_id: commandLineClient,
        client_name: 'cpor on the command line',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        // With any port (RFC 8252).
        redirect_uris: ['http://127.0.0.1/callback'],
      },
    ],
    clientAuthMethods: ['none'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name', 'locale'], email: ['email'] },
    // The console has no other way to learn the name: there is no userinfo endpoint.
    conformIdTokenClaims: false,
    clientBasedCORS: () => false,
    cookies: {
      keys: [await secretFor(dataDirectory, 'cookies')],
      names: { session: 'cpor_issuer', interaction: 'cpor_issuer_sign_in', resume: 'cpor_issuer_resume' },
      long: { path, httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      backchannelLogout: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => renderLeave(ctx, languageOf(ctx), { form, isExpected: isOwnHint(ctx), homeUrl }),
        postLogoutSuccessSource: (ctx) => renderLeft(ctx, languageOf(ctx), homeUrl),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `${homeUrl}/v1`,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetimes.AccessToken,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    findAccount: (_, subject) => {
      const person = samplePersonOf(subject);
      if (person === undefined) return undefined;
      return { accountId: subject, claims: () => ({ sub: subject, name: person.name, email: person.email, locale: person.language }) };
    },
    extraTokenClaims: (_, token) => {
      const person = 'accountId' in token ? samplePersonOf(token.accountId) : undefined;
      return person && claimsOf(person);
    },
    interactions: { policy: policyOf(policies), url: (_, { uid }) => `${issuer}/sign-in/${uid}` },
    loadExistingGrant: grantOf,
    // Otherwise only a consent screen could grant it, and our own console asks for none.
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    renderError: (ctx, fault) => renderFault(ctx, languageOf(ctx), { code: fault.error, detail: fault.error_description, homeUrl }),
    ttl: lifetimes,
    // The default refuses loopback addresses, where a sandbox is. The only address ever fetched is the console's, from our own settings.
    fetch: (url, init) => fetch(url, withoutDispatcher(init)),
  };
}

/** Whoever arrives is asked who to be, even with a session: changing the person is what a sandbox is for. Nobody is asked for consent. */
function policyOf({ base, Check, Prompt }: InteractionPolicy) {
  const policy = base();
  policy
    .get('login')!
    .checks.add(new Check('person', 'a person must be chosen', 'login_required', (ctx) => ctx.oidc.result?.login === undefined));
  // Allowed, and answered by the same page.
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  const consent = policy.get('consent')!;
  for (const { reason } of [...consent.checks]) if (reason !== 'consent_prompt') consent.checks.remove(reason);
  return policy;
}

/** Grants the console all it may ask for, anew at each sign-in: a grant revoked in one browser leaves the others alone. */
async function grantOf({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  const accountId = oidc.session?.accountId;
  if (accountId === undefined || oidc.client === undefined) return undefined;
  const grant = new oidc.provider.Grant({ accountId, clientId: oidc.client.clientId });
  grant.addOIDCScope('openid profile email offline_access');
  await grant.save();
  return grant;
}

/** Whether the log-out names the person who is signed in, so that it needs no question. */
const isOwnHint = ({ oidc }: KoaContextWithOIDC): boolean => {
  const hint = oidc.entities.IdTokenHint as { payload?: { sub?: unknown } } | undefined;
  return hint?.payload?.sub !== undefined && hint.payload.sub === oidc.session?.accountId;
};

function withoutDispatcher(init: RequestInit | undefined): RequestInit {
  const { dispatcher: _, ...rest } = { ...init } as RequestInit & { dispatcher?: unknown };
  return rest;
}
