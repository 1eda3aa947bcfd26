import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mintSandboxToken, type Role, roleSides } from '#libs/auth/index.js';
import { readConfig } from '#libs/config/index.js';
import { findFreePort } from '#libs/embedded/index.js';
import { createApp } from '../../apps/api/src/create-app.js';
import type { TestDatabase } from './database.js';
import type { TestNamespace } from './temporal.js';

/** Partners and customers of the sample directory. */
export const evergreen = { accountId: '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c', partnerId: '1240371', otherPartnerId: '1240388' };
export const ironbridge = { accountId: 'a63c88ce-01ab-4367-a328-6ec63a60f30b', partnerId: '48213' };
export const northwind = { tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' };
export const blueHeron = { tenantId: 'bf77df2a-6a8b-4c50-bd40-fa4a2e73527e', domain: 'blueheron-logistics.example' };

export interface Reply<Body = Record<string, any>> {
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
  /** An `Idempotency-Key`; POSTs get one of their own, `null` leaves it out. */
  key?: string | null | undefined;
}

/** The API in this process, listening on a port of its own. */
export interface TestApi {
  readonly url: string;
  readonly app: NestFastifyApplication;
  token(
    role: Role,
    more?: { partner?: string; locations?: string[]; tenant?: string; subject?: string; actsFor?: string[] },
  ): Promise<string>;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  close(): Promise<void>;
}

/** Starts the API on a database; without a namespace Temporal is away. */
export async function startTestApi(
  database: Pick<TestDatabase, 'appUrl'>,
  namespace?: TestNamespace,
  env: Record<string, string> = {},
): Promise<TestApi> {
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
      ...env,
    },
    'api',
  );
  const app = await createApp(config);
  await app.listen(port, '127.0.0.1');
  return {
    url,
    app,
    token: (role, more = {}) => {
      const partner = roleSides[role] === 'partner' ? { partner: evergreen.accountId, locations: ['*'] } : {};
      const tenant = roleSides[role] === 'customer' ? { tenant: northwind.tenantId } : {};
      const { issuer, audience } = config.oidc;
      const subject = `${role}-${more.partner ?? 'own'}`;
      return mintSandboxToken({
        dataDirectory,
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
  return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as Record<string, any>) : {} };
}

/** A file that is recognised as a PDF, different each time. */
export const somePdf = (): Buffer => Buffer.from(`%PDF-1.4\n1 0 obj<<>>endobj\n%${randomBytes(8).toString('hex')}\ntrailer<<>>\n%%EOF\n`);

/** A claim that may be submitted as it is, all in one body. */
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
