import { expect } from 'chai';
import fc from 'fast-check';
import { base64url, createLocalJWKSet, exportJWK, generateKeyPair, type CryptoKey, type JWK, SignJWT } from 'jose';
import { type Principal, type TokenRules, verifyToken } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';

const issuer = 'https://issuer.example';
const anyJson = fc.jsonValue({ maxDepth: 6 });
const claimNames = [
  'iss',
  'aud',
  'sub',
  'exp',
  'nbf',
  'iat',
  'jti',
  'cpor_roles',
  'cpor_partner',
  'cpor_locations',
  'cpor_tenant',
  'cpor_acts_for',
];

/** A header that asks the verifier to trust something other than the issuer's published key. */
const anyHeader = fc.record(
  {
    alg: fc.constantFrom('none', 'None', 'HS256', 'HS512', 'RS256', 'ES256', 'ES384', 'PS256', 'dir', ''),
    kid: fc.constantFrom('first', 'other', '../../etc/passwd', '/dev/null', "' OR 1=1 --", 'x'.repeat(5_000), '\0', ''),
    typ: fc.constantFrom('JWT', 'at+jwt', 'JOSE'),
    jku: fc.constant('https://attacker.example/keys'),
    x5u: fc.constant('https://attacker.example/chain'),
    jwk: fc.constant({ kty: 'oct', k: 'AAAA' }),
    crit: fc.constantFrom(['b64'], ['exp'], []),
    b64: fc.boolean(),
    zip: fc.constant('DEF'),
    enc: fc.constant('A256GCM'),
    cty: fc.constant('JWT'),
  },
  { requiredKeys: [] },
);
const encoded = (value: unknown): string => base64url.encode(JSON.stringify(value));

describe('any token', () => {
  let key: CryptoKey;
  let published: JWK;
  let rules: TokenRules;
  let lookedUp = 0;

  before(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    key = pair.privateKey;
    published = await exportJWK(pair.publicKey);
    const find = createLocalJWKSet({ keys: [{ ...published, kid: 'first' }] });
    const keys: TokenRules['keys'] = (...of) => {
      lookedUp++;
      return find(...of);
    };
    rules = { issuer, audience: 'cpor', keys };
  });

  const valid = () => ({ iss: issuer, aud: 'cpor', sub: 'ada', exp: Math.floor(Date.now() / 1_000) + 60, cpor_roles: ['operator'] });
  const sign = (payload: object) => new SignJWT({ ...payload }).setProtectedHeader({ alg: 'ES256', kid: 'first' }).sign(key);

  /** Returns the principal, or null if the token is refused as the contract says; anything else is a failure. */
  async function verified(token: string): Promise<Principal | null> {
    try {
      return await verifyToken(token, rules);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      expect([error.status, error.code]).to.deep.equal([401, 'unauthenticated']);
      // The challenge is a header: whatever the token holds, it must stay on its line.
      expect(error.headers['WWW-Authenticate']).to.match(/^Bearer [\x20-\x7e]{1,400}$/);
      return null;
    }
  }

  it('without the issuer’s signature is refused, whatever its header says', async () => {
    const body = encoded(valid());
    await fc.assert(
      fc.asyncProperty(
        anyHeader,
        fc.oneof(
          fc.constant(''),
          fc.uint8Array({ maxLength: 80 }).map((bytes) => base64url.encode(bytes)),
        ),
        async (header, signature) => {
          expect(await verified(`${encoded(header)}.${body}.${signature}`)).to.equal(null);
        },
      ),
      { numRuns: 300, seed: 20_261_130 },
    );
  });

  it('whose text was changed in any place is refused', async () => {
    const token = await sign(valid());
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('.', '=', '\0', '..')),
        fc.nat(2),
        async (at, inserted, removed) => {
          const changed = `${token.slice(0, at)}${inserted}${token.slice(at + removed)}`;
          const principal = await verified(changed);
          // The last character of a signature carries bits that do not count.
          if (principal !== null) expect(changed.split('.').slice(0, 2)).to.deep.equal(token.split('.').slice(0, 2));
        },
      ),
      { numRuns: 300, seed: 20_261_130 },
    );
  });

  it('with the issuer’s signature and any claims names one well-formed caller, or is refused', async () => {
    const anyClaims = fc.dictionary(fc.constantFrom(...claimNames), anyJson, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(anyClaims, anyJson, async (claims, more) => {
        const principal = await verified(await sign({ ...valid(), ...claims, more }));
        if (principal === null) return;
        expect(principal.subject).to.match(/^[^\0]{1,255}$/u);
        expect(principal.roles).to.be.an('array');
        expect(principal.actsFor).to.be.an('array');
        for (const id of [principal.partnerAccountId, principal.tenantId]) if (id !== null) expect(id).to.be.a('string');
      }),
      { numRuns: 300, seed: 20_261_130 },
    );
  });

  it('may be as long as a request can carry, or hold another token, and is refused all the same', async () => {
    const inner = await sign(valid());
    for (const token of [
      `${encoded({ alg: 'ES256', cty: 'JWT' })}.${base64url.encode(inner)}.${inner.split('.')[2]}`,
      `${encoded({ alg: 'none' })}.${encoded(valid())}.`,
      `${inner}.${inner}`,
      `${encoded({ alg: 'dir', enc: 'A256GCM' })}....`,
      'a'.repeat(16_000),
      `${'e30.'.repeat(4_000)}`,
      `${encoded({ alg: 'HS256', kid: 'first', jwk: published })}.${encoded(valid())}.AAAA`,
    ])
      expect(await verified(token), token.slice(0, 60)).to.equal(null);
    expect(await verified(inner)).to.include({ subject: 'ada' });
    expect(lookedUp).to.be.greaterThan(0);
  });
});
