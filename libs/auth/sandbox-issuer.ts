import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';
import type { Role } from './role.js';

const algorithm = 'ES256';

/** What a token says of its holder besides the subject. */
export interface SandboxIdentity {
  roles: Role[];
  partner?: string | undefined;
  /** PartnerIDs, or `*` for all locations of the partner. */
  locations?: string[] | undefined;
  tenant?: string | undefined;
  actsFor?: string[] | undefined;
  /** What the person is called. */
  name?: string | undefined;
  /** The person's language, such as `ru`. */
  language?: string | undefined;
}

export interface SandboxToken extends SandboxIdentity {
  dataDirectory: string;
  issuer: string;
  audience: string;
  subject: string;
  lifetimeSeconds: number;
}

/** Returns an identity as the claims of an access token. */
export const claimsOf = ({ roles, partner, locations, tenant, actsFor, name, language }: SandboxIdentity): Record<string, unknown> => ({
  cpor_roles: roles,
  ...(partner && { cpor_partner: partner }),
  ...(locations && { cpor_locations: locations }),
  ...(tenant && { cpor_tenant: tenant }),
  ...(actsFor && { cpor_acts_for: actsFor }),
  ...(name && { name }),
  ...(language && { locale: language }),
});

/** Signs a token with the sandbox's key, creating the key if needed. Throws if NODE_ENV is production. */
export async function mintSandboxToken(token: SandboxToken): Promise<string> {
  const key = await sandboxKey(token.dataDirectory);
  const issuedAt = Math.floor(Date.now() / 1_000);
  return new SignJWT(claimsOf(token))
    .setProtectedHeader({ alg: algorithm, kid: key.kid, typ: 'at+jwt' })
    .setIssuer(token.issuer)
    .setAudience(token.audience)
    .setSubject(token.subject)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + token.lifetimeSeconds)
    .sign(await importJWK(key, algorithm));
}

/** Returns the public half of the sandbox's key. */
export async function sandboxKeySet(dataDirectory: string): Promise<JSONWebKeySet> {
  const { kty, crv, x, y, kid } = await sandboxKey(dataDirectory);
  return { keys: [{ kty, crv, x, y, kid, alg: algorithm, use: 'sig' }] };
}

/** Returns the embedded issuer's keys to the API that hosts it, so that the API does not have to call itself. */
export async function sandboxKeys(dataDirectory: string): Promise<JWTVerifyGetKey> {
  return createLocalJWKSet(await sandboxKeySet(dataDirectory));
}

/** Reads the private key; the first caller creates it. Throws if NODE_ENV is production. */
export async function sandboxKey(dataDirectory: string): Promise<JWK> {
  if (process.env['NODE_ENV'] === 'production') throw new Error('The embedded issuer is refused when NODE_ENV is production.');
  const directory = join(dataDirectory, 'issuer');
  const file = join(directory, 'key.json');
  const found = await readKey(file);
  if (found) return found;
  // Only the key's folder is private: the accounts of the embedded services need the data folder.
  await mkdir(dataDirectory, { recursive: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await publishKey(directory, file);
  const made = await readKey(file);
  if (!made) throw new Error(`${file} vanished while it was being made.`);
  return made;
}

async function readKey(file: string): Promise<JWK | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a key to a temporary file and links it into place: the link is atomic, and only the first of several concurrent writers succeeds. */
async function publishKey(directory: string, file: string): Promise<void> {
  const draft = join(directory, `key.${randomUUID()}`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(await newKey()));
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, kid: await calculateJwkThumbprint(key) };
}
