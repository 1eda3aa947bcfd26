import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, Connection } from '@temporalio/client';
import { type CodecKey, ClaimEngine, createClient } from '#libs/engine/index.js';
import { type EmbeddedTemporal, startTemporal } from '#libs/embedded/index.js';
import type { TemporalConnection } from '../../temporal.config.js';
import { waitFor } from './wait.js';

let server: Promise<{ temporal: EmbeddedTemporal; directory: string }> | undefined;

async function startServer() {
  const directory = await mkdtemp(join(tmpdir(), 'cpor-test-temporal-'));
  const start = () => startTemporal({ directory, port: 0, inMemory: true, namespaces: [] });
  // Another run's server may take a free port before ours listens on it.
  return { temporal: await start().catch(start), directory };
}

// One server for all files of a run. This is a hook of mocha's root suite, because it runs while files are loaded.
after(async function () {
  this.timeout(30_000);
  const started = await server?.catch(() => undefined);
  if (started === undefined) return;
  const { temporal, directory } = started;
  await temporal.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Returns the run's Temporal server, started at the first call. Time can be skipped in every namespace. */
export async function testTemporal(): Promise<EmbeddedTemporal> {
  server ??= startServer();
  return (await server).temporal;
}

/** Use it when a test needs Temporal without a worker: a new namespace with a client and an engine. */
export interface TestNamespace {
  connection: TemporalConnection;
  codecKeys: CodecKey[];
  client: Client;
  engine: ClaimEngine;
  close(): Promise<void>;
}

export async function createTestNamespace(codecKeys: CodecKey[] = [], isBare = false): Promise<TestNamespace> {
  const temporal = await testTemporal();
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  if (isBare) await registerBare(temporal.address, namespace);
  else await temporal.createNamespace(namespace);
  const connection = { address: temporal.address, namespace, apiKey: null, useTls: false };
  const { client, close } = createClient(connection, codecKeys);
  return { connection, codecKeys, client, engine: new ClaimEngine(client), close };
}

/** Returns an engine like the product's, but with this much time for every call: tests of outcomes must not fail because a machine is slow. */
export function patientEngine(client: Client, deadlineMs: number): ClaimEngine {
  const withDeadline: Client['withDeadline'] = (_deadline, call) => client.withDeadline(Date.now() + deadlineMs, call);
  return new ClaimEngine(Object.create(client, { withDeadline: { value: withDeadline } }) as Client);
}

/** Creates a namespace as an operator would, without our search attributes, and waits until it is usable. */
async function registerBare(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const { workflowService } = connection;
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
    await waitFor('the namespace to be known', () =>
      workflowService.countWorkflowExecutions({ namespace }).then(
        () => connection.operatorService.listSearchAttributes({ namespace }).then(() => true),
        () => false,
      ),
    );
  } finally {
    await connection.close();
  }
}
