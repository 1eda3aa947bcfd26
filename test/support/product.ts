import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { mintSandboxToken, type Role } from '#libs/auth/index.js';
import { checkoutRoot, dropPostgres, type Stack, startStack, temporalBinary } from '#libs/embedded/index.js';
import { createClient } from '#libs/engine/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { partnerAccountId } from '../bench/sandbox.js';
import { Caller, fetchUntilAnswered } from './caller.js';

export interface OpenedMail extends Mail {
  text: string;
  html: string;
  links: string[];
}

export interface Mail {
  id: string;
  to: string;
  subject: string;
  receivedAt: string;
  deliveries: number;
}

/** What a caller may see. */
export interface CallerScope {
  partner?: string;
  locations?: string[];
  tenant?: string;
}

export interface ToolResult {
  exitCode: number;
  output: string;
}

/** Use it for stories and chaos tests: every process of the product, as an operator runs it, with a caller for each role. */
export interface Product {
  stack: Stack;
  /** The database, with the application's role. */
  source: DataSource;
  temporal: Client;
  partner: Caller;
  reviewer: Caller;
  /** For decisions that the first reviewer may not take. */
  secondReviewer: Caller;
  operator: Caller;
  vendorAdmin: Caller;
  /** The bearer tokens of all callers. */
  tokens: readonly string[];
  /** Mints a bearer token. */
  token(subject: string, role: Role, scope?: CallerScope): Promise<string>;
  /** Creates another caller. */
  caller(subject: string, role: Role, scope?: CallerScope): Promise<Caller>;
  /** Returns all mails in the mailbox, or those to one address. */
  mails(to?: string): Promise<Mail[]>;
  mail(id: string): Promise<OpenedMail>;
  /** Runs a `cpor` command. */
  cpor(...args: string[]): Promise<ToolResult>;
  /** Runs Temporal's CLI against the product's server. */
  temporalCli(...args: string[]): Promise<ToolResult>;
  close(): Promise<void>;
}

/** A product of its own; `close` ends it and removes its data. */
export interface StartedProduct extends Product {
  /** Ends every process and leaves the data, so that another product can be started on them. */
  stop(): Promise<void>;
}

/** Starts the product, on the data of one that was stopped if its directory is given. */
export async function startProduct(env: Record<string, string> = {}, dataDirectory?: string): Promise<StartedProduct> {
  const directory = dataDirectory ?? (await mkdtemp(join(tmpdir(), 'cpor-product-')));
  const stack = await startStack({
    dataDirectory: directory,
    ports: 'free',
    env: { ...process.env, CPOR_LOG_LEVEL: 'warn', CPOR_RATE_LIMITS: 'off', ...env },
  });
  const product = await openProduct(stack);
  const stop = async () => {
    await product.close();
    await stack.stop();
  };
  return {
    ...product,
    stop,
    async close() {
      await stop();
      await dropPostgres(join(directory, 'postgres'));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Opens callers and connections to a running stack, which `close` leaves running. */
export async function openProduct(stack: Stack, apiUrl = stack.addresses.apiUrl): Promise<Product> {
  const { temporalAddress, databaseUrl, mailboxUrl } = stack.addresses;
  const source = await createDataSource(databaseUrl).initialize();
  const { client, close } = createClient({ address: temporalAddress, namespace: 'cpor', apiKey: null, useTls: false }, []);
  const tokens: string[] = [];
  const token = async (subject: string, role: Role, scope: CallerScope = {}) => {
    const issuer = `${apiUrl}/sandbox/issuer`;
    const claims = {
      dataDirectory: stack.dataDirectory,
      issuer,
      audience: 'cpor',
      roles: [role],
      subject,
      lifetimeSeconds: 3600,
      ...scope,
    };
    const minted = await mintSandboxToken(claims);
    tokens.push(minted);
    return minted;
  };
  const caller = async (subject: string, role: Role, scope?: CallerScope) => new Caller(apiUrl, await token(subject, role, scope));
  const read = async <Body>(path: string) => JSON.parse((await fetchUntilAnswered(`${mailboxUrl}${path}`)).response.text) as Body;
  return {
    stack,
    source,
    temporal: client,
    tokens,
    token,
    partner: await caller('ann', 'claim_admin', { partner: partnerAccountId, locations: ['*'] }),
    reviewer: await caller('rita', 'reviewer'),
    secondReviewer: await caller('sam', 'reviewer'),
    operator: await caller('olga', 'operator'),
    vendorAdmin: await caller('vera', 'vendor_admin'),
    caller,
    mails: async (to) => (await read<{ items: Mail[] }>(`/messages${to === undefined ? '' : `?to=${encodeURIComponent(to)}`}`)).items,
    mail: (id) => read(`/messages/${id}`),
    cpor: (...args) => run(process.execPath, [join(checkoutRoot, 'dist/apps/cli/src/main.js'), ...args], stack.env),
    temporalCli: (...args) => run(temporalBinary, [...args, '--address', temporalAddress, '--namespace', 'cpor'], process.env),
    async close() {
      if (!source.isInitialized) return;
      await source.destroy();
      await close();
    },
  };
}

function run(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<ToolResult> {
  return new Promise((resolve) => {
    execFile(file, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` });
    });
  });
}
