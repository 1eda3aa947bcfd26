import { randomBytes } from 'node:crypto';
import { type Client, Connection } from '@temporalio/client';
import { type CodecKey, ClaimEngine, createClient } from '#libs/engine/index.js';
import { createNamespace } from '#libs/embedded/index.js';
import type { TemporalConnection } from '../../temporal.config.js';
import { waitFor } from './wait.js';

/** Returns the address of the run's Temporal, which `servers.ts` starts. Time can be skipped in every namespace. */
function sharedTemporal(): string {
  const address = process.env['CPOR_TEST_TEMPORAL'];
  if (address === undefined) throw new Error('This run has no Temporal: name it for the tier in tools/tests/tiers.mjs.');
  return address;
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
  const address = sharedTemporal();
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  if (isBare) await registerBare(address, namespace);
  else await createNamespace(address, namespace);
  const connection = { address, namespace, apiKey: null, useTls: false };
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
