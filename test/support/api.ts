import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mintSandboxToken, type Role, roleSides } from '#libs/auth/index.js';
import { readConfig } from '#libs/config/index.js';
import { findFreePort } from '#libs/embedded/index.js';
import { createApp } from '../../apps/api/src/create-app.js';
import type { TestDatabase } from './database.js';
import { evergreen, northwind } from './sample-directory.js';
import type { TestNamespace } from './temporal.js';

/** JSON of an answer whose shape the test itself asserts. */
export type Json = Record<string, any>;

export interface Reply<Body = Json> {
  status: number;
  headers: Headers;
  body: Body;
  text: string;
}

export interface CallOptions {
  token?: string | undefined;
  /** Sent as JSON, unless it is a form or bytes. */
  body?: unknown;
  headers?: Record<string, string> | undefined;
  /** The `Idempotency-Key`. Default: a new one for each POST; `null` sends none. */
  key?: string | null | undefined;
}

/** Use it when a test calls the API: the API in this process, and its client, which never retries. */
export interface TestApi {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly dataDirectory: string;
  token(
    role: Role,
    more?: { partner?: string; locations?: string[]; tenant?: string; subject?: string; actsFor?: string[] },
  ): Promise<string>;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  close(): Promise<void>;
}

/** What the API runs on: a test database alone, or a `Stage`, which adds a worker and a mail relay. */
export interface TestApiOptions {
  database: Pick<TestDatabase, 'appUrl'>;
  /** Without a namespace Temporal is unreachable, and the API accepts and executes commands alone. */
  namespace?: TestNamespace | undefined;
  /** Overrides of a sandbox's settings. */
  env?: Record<string, string> | undefined;
}

/** Starts the API in this process, on a free port. The caller closes it before the database and the namespace. */
export async function startTestApi({ database, namespace, env }: TestApiOptions): Promise<TestApi> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'cpor-test-api-'));
  const port = await findFreePort(0);
  const url = `http://127.0.0.1:${port}`;
  const config = readConfig(
    {
      CPOR_MODE: 'sandbox',
      DATABASE_URL: database.appUrl,
      TEMPORAL_ADDRESS: namespace?.connection.address ?? `127.0.0.1:${await findFreePort(0)}`,
      ...(namespace && { TEMPORAL_NAMESPACE: namespace.connection.namespace }),
      CPOR_API_PORT: String(port),
      CPOR_DATA_DIR: dataDirectory,
      CPOR_LOG_LEVEL: 'silent',
      // Many tests ask as one caller; those of limits set their own.
      CPOR_RATE_LIMITS: 'off',
      ...env,
    },
    'api',
  );
  const app = await createApp(config);
  await app.listen(port, '127.0.0.1');
  return {
    url,
    app,
    dataDirectory: config.dataDirectory,
    token: (role, more = {}) => {
      const partner = roleSides[role] === 'partner' ? { partner: evergreen.accountId, locations: ['*'] } : {};
      const tenant = roleSides[role] === 'customer' ? { tenant: northwind.tenantId } : {};
      const { issuer, audience } = config.oidc;
      const subject = `${role}-${more.partner ?? 'own'}`;
      return mintSandboxToken({
        dataDirectory: config.dataDirectory,
        issuer,
        audience,
        roles: [role],
        subject,
        lifetimeSeconds: 600,
        ...partner,
        ...tenant,
        ...more,
      });
    },
    call: (method, path, options) => call(url, method, path, options),
    async close() {
      await app.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Returns the status and problem code of an answer. */
export const codeOf = ({ status, body }: Reply): [number, unknown] => [status, body['code']];

async function call(url: string, method: string, path: string, { token, body, headers = {}, key }: CallOptions = {}): Promise<Reply> {
  const isPlain =
    body === undefined ||
    typeof body === 'string' ||
    body instanceof FormData ||
    body instanceof URLSearchParams ||
    body instanceof Uint8Array;
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(isPlain ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' && key !== null ? { 'idempotency-key': key ?? randomUUID() } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isPlain ? (body as FormData) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as Json) : {} };
}

/** Returns a small PDF that is different each time. */
export const somePdf = (): Buffer => Buffer.from(`%PDF-1.4\n1 0 obj<<>>endobj\n%${randomBytes(8).toString('hex')}\ntrailer<<>>\n%%EOF\n`);

/** Returns the body of a claim that is complete enough to be submitted. */
export const completeClaim = (more: Record<string, unknown> = {}) => ({
  name: 'Teams adoption',
  partnerId: evergreen.partnerId,
  tenantId: northwind.tenantId,
  domain: northwind.domain,
  area: 'modern_work_security',
  lines: [{ product: 'teams', activities: ['usage'] }],
  contacts: {
    customer: { name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${northwind.domain}` },
    partner: { name: 'Robin Fields', email: 'claims@evergreen.example' },
  },
  acknowledgementVersion: 1,
  evidence: [{ fileName: 'statement.pdf', contentBase64: somePdf().toString('base64'), signedOn: monthAgo() }],
  ...more,
});

const monthAgo = (): string => new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);

/** Creates a draft of `completeClaim` and returns the API's answer. */
export async function draftClaim(api: TestApi, token: string, more: Json = {}): Promise<Json> {
  const made = await api.call('POST', '/v1/claims', { token, body: completeClaim(more) });
  expect(made.status, made.text).to.equal(201);
  return made.body;
}

/** Headers of a caller who does not wait for the outcome. */
export const respondAsync = { Prefer: 'respond-async' };
