import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

export interface IssuerKeysOptions {
  /** Minimum time between fetches of the key set, so that forged key ids cannot make us flood the issuer. */
  refetchCooldownMs?: number;
  timeoutMs?: number;
}

/**
 * Finds the keys of an issuer through its discovery document. Nothing is fetched before the first token. A failed discovery is retried
 * with the next token, and the key set is fetched again when a token names an unknown key.
 */
export function issuerKeys(issuer: string, { refetchCooldownMs = 30_000, timeoutMs = 5_000 }: IssuerKeysOptions = {}): JWTVerifyGetKey {
  let discovered: Promise<JWTVerifyGetKey> | undefined;
  const discover = async () => {
    const url = await jwksUri(issuer, timeoutMs);
    return createRemoteJWKSet(url, { cooldownDuration: refetchCooldownMs, timeoutDuration: timeoutMs });
  };
  return async (header, token) => {
    discovered ??= discover().catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return (await discovered)(header, token);
  };
}

async function jwksUri(issuer: string, timeoutMs: number): Promise<URL> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const document = discoveryDocument.parse(await response.json());
  if (document.issuer !== issuer) throw new Error(`${address} names another issuer than "${issuer}"`);
  const url = new URL(document.jwks_uri);
  if (issuer.startsWith('https:') && url.protocol !== 'https:') throw new Error(`${address} names keys that are not behind https`);
  return url;
}
