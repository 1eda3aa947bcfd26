import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { base64url, exportJWK, generateKeyPair, type CryptoKey, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { issuerKeys, type TokenRules, verifyToken } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';

interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

async function makeKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } };
}

/** An OpenID Connect issuer, as seen by a verifier. */
class Issuer {
  published: JWK[] = [];
  announces: string | undefined;
  isBroken = false;
  discoveries = 0;
  keyFetches = 0;
  private readonly server: Server = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    if (isDiscovery) this.discoveries += 1;
    else this.keyFetches += 1;
    const body = isDiscovery ? { issuer: this.announces ?? this.url, jwks_uri: `${this.url}/keys` } : { keys: this.published };
    response.writeHead(this.isBroken ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

describe('token verification', () => {
  let issuer: Issuer;
  let key: SigningKey;
  let rules: TokenRules;

  beforeEach(async () => {
    issuer = new Issuer();
    await issuer.start();
    key = await makeKey('first');
    issuer.published = [key.jwk];
    rules = { issuer: issuer.url, audience: 'cpor', keys: issuerKeys(issuer.url, { refetchCooldownMs: 0 }) };
  });
  afterEach(() => issuer.stop());

  interface Fields {
    iss?: string;
    aud?: string;
    exp?: number;
    nbf?: number;
    sub?: string | null;
    claims?: Record<string, unknown>;
    signer?: SigningKey;
  }

  function sign({
    iss = issuer.url,
    aud = 'cpor',
    exp = inSeconds(60),
    nbf,
    sub = 'ada',
    claims,
    signer = key,
  }: Fields = {}): Promise<string> {
    const payload = { iss, aud, exp, cpor_roles: ['reviewer'], ...(nbf && { nbf }), ...(sub && { sub }), ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: signer.kid }).sign(signer.privateKey);
  }

  async function refusalOf(token: string, using: TokenRules = rules): Promise<Problem> {
    const outcome = await verifyToken(token, using).catch((error: unknown) => error);
    if (!(outcome instanceof Problem)) throw new Error(`No problem but ${JSON.stringify(outcome)}.`);
    return outcome;
  }

  it('returns the principal of a valid token', async () => {
    expect(await verifyToken(await sign(), rules)).to.deep.equal({
      subject: 'ada',
      roles: ['reviewer'],
      partnerAccountId: null,
      locations: [],
      tenantId: null,
      actsFor: [],
    });
  });

  const refused: [string, Fields, string][] = [
    ['an expired token', { exp: inSeconds(-60) }, 'The token has expired.'],
    ['a token that is not valid yet', { nbf: inSeconds(3600) }, 'The token is not valid yet.'],
    ['a token for another audience', { aud: 'payroll' }, 'The token is not meant for the audience "cpor".'],
    ['a token of another issuer', { iss: 'https://else.example' }, 'The token comes from another issuer than the one this API trusts.'],
    ['a token without a subject', { sub: null }, 'The token\'s claim "sub" is missing or wrong.'],
    ['a token whose roles are not a list', { claims: { cpor_roles: 'reviewer' } }, 'The token\'s claim "cpor_roles" has the wrong form.'],
    [
      'a token with a malformed location',
      { claims: { cpor_locations: ['Seattle'] } },
      'The token\'s claim "cpor_locations" has the wrong form.',
    ],
    ['a token whose subject contains NUL', { sub: 'ann\0' }, 'The token\'s claim "sub" has the wrong form.'],
    [
      'a token whose account contains half a character',
      { claims: { cpor_partner: 'p\ud800' } },
      'The token\'s claim "cpor_partner" has the wrong form.',
    ],
    [
      'a token whose list of represented accounts is malformed',
      { claims: { cpor_acts_for: ['x'.repeat(256)] } },
      'The token\'s claim "cpor_acts_for" has the wrong form.',
    ],
  ];
  for (const [what, fields, detail] of refused) {
    it(`refuses ${what}`, async () => {
      const problem = await refusalOf(await sign(fields));
      expect([problem.code, problem.detail]).to.deep.equal(['unauthenticated', detail]);
      expect(problem.headers['WWW-Authenticate']).to.equal(
        `Bearer realm="cpor", error="invalid_token", error_description="${detail.replaceAll('"', "'")}"`,
      );
    });
  }

  it('tolerates a clock difference of less than half a minute', async () => {
    expect((await verifyToken(await sign({ exp: inSeconds(-15) }), rules)).subject).to.equal('ada');
  });

  it('refuses a token without expiry', async () => {
    const token = await new SignJWT({ iss: issuer.url, aud: 'cpor', sub: 'ada' })
      .setProtectedHeader({ alg: 'ES256', kid: 'first' })
      .sign(key.privateKey);
    expect((await refusalOf(token)).detail).to.equal('The token\'s claim "exp" is missing or wrong.');
  });

  it('refuses an unsigned token', async () => {
    const token = new UnsecuredJWT({ cpor_roles: ['operator'] })
      .setIssuer(issuer.url)
      .setAudience('cpor')
      .setSubject('eve')
      .setExpirationTime('1h')
      .encode();
    expect((await refusalOf(token)).code).to.equal('unauthenticated');
  });

  it('refuses a token signed with a shared secret, even with the published key as that secret', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(key.jwk));
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .setIssuer(issuer.url)
      .setAudience('cpor')
      .setSubject('eve')
      .setExpirationTime('1h')
      .sign(secret);
    expect((await refusalOf(token)).detail).to.match(/^The token is not signed with one of ES256/);
  });

  it('refuses a token whose claims were changed after signing', async () => {
    const [header, payload, signature] = (await sign()).split('.');
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload ?? ''))) as object;
    const forged = base64url.encode(JSON.stringify({ ...claims, cpor_roles: ['operator'] }));
    expect((await refusalOf(`${header}.${forged}.${signature}`)).detail).to.equal("The token's signature is wrong.");
  });

  for (const rubbish of ['x', 'a.b.c', 'e30.e30.e30']) {
    it(`refuses ${rubbish}, which is not a token`, async () => expect((await refusalOf(rubbish)).code).to.equal('unauthenticated'));
  }

  it('refuses a key the issuer does not publish', async () => {
    const problem = await refusalOf(await sign({ signer: await makeKey('stranger') }));
    expect([problem.code, problem.detail]).to.deep.equal([
      'unauthenticated',
      'The token is signed with a key the issuer does not publish.',
    ]);
  });

  it('refuses a foreign key that uses the id of a published one', async () => {
    const stranger = await makeKey('first');
    expect((await refusalOf(await sign({ signer: stranger }))).detail).to.equal("The token's signature is wrong.");
  });

  it('follows a rotation: accepts the new key and, once it is withdrawn, refuses the old one', async () => {
    const old = await sign();
    await verifyToken(old, rules);
    const next = await makeKey('second');
    issuer.published = [key.jwk, next.jwk];
    expect((await verifyToken(await sign({ signer: next }), rules)).subject).to.equal('ada');
    issuer.published = [next.jwk];
    await refusalOf(await sign({ signer: await makeKey('unknown') }));
    expect((await refusalOf(old)).detail).to.equal('The token is signed with a key the issuer does not publish.');
  });

  it('fetches the keys once for many tokens, and not again for forged key ids within the cool-down', async () => {
    const patient = { ...rules, keys: issuerKeys(issuer.url) };
    const forged = await sign({ signer: await makeKey('stranger') });
    const good = await Promise.all(Array.from({ length: 8 }, () => sign()));
    await Promise.all(good.map((token) => verifyToken(token, patient)));
    for (let attempt = 0; attempt < 5; attempt += 1) await refusalOf(forged, patient);
    expect([issuer.discoveries, issuer.keyFetches]).to.deep.equal([1, 1]);
  });

  it('reports a broken issuer as unavailable rather than the token as invalid, and recovers with it', async () => {
    issuer.isBroken = true;
    const problem = await refusalOf(await sign());
    expect([problem.code, problem.headers['Retry-After']]).to.deep.equal(['service_unavailable', '5']);
    issuer.isBroken = false;
    expect((await verifyToken(await sign(), rules)).subject).to.equal('ada');
  });

  it('does not trust a discovery document that names another issuer', async () => {
    issuer.announces = 'https://else.example';
    expect((await refusalOf(await sign())).code).to.equal('service_unavailable');
  });
});
