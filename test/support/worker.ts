import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { DataSource } from 'typeorm';
import { type DirectoryAnswer, type DirectoryProvider, type DirectoryQuery, PostgresDirectoryProvider } from '#libs/directory/index.js';
import { connectionOptions, dataConverter } from '#libs/engine/index.js';
import { EvidenceStore, noScanner } from '#libs/evidence/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { createMailer } from '#libs/notices/index.js';
import { createAddressGuard, createPoster, EndpointSecrets } from '#libs/webhooks/index.js';
import {
  type Activities,
  type ActivityDependencies,
  type WebhookSender,
  type BulkActivities,
  createActivities,
  createBulkActivities,
  createWebhookActivities,
} from '../../activities/index.js';
import { taskQueues } from '../../temporal.config.js';
import type { TestNamespace } from './temporal.js';

export const workflowBundle = { codePath: fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url)) };

export const tracedWorkflowBundle = { codePath: fileURLToPath(new URL('../../workflow-bundle-traced.js', import.meta.url)) };

/** Use it wherever claims need a directory: the one in the database, which can be made to fail. */
export class TestDirectory implements DirectoryProvider {
  isDown = false;
  readonly refusals: string[] = [];
  private readonly provider: PostgresDirectoryProvider;

  constructor(source: DataSource) {
    this.provider = new PostgresDirectoryProvider(source);
  }

  async lookUp(query: DirectoryQuery): Promise<DirectoryAnswer> {
    if (!this.isDown) return this.provider.lookUp(query);
    this.refusals.push(query.tenantId);
    throw new Error('The directory is down.');
  }
}

export interface TestWorkerOptions {
  namespace: TestNamespace;
  source: DataSource;
  directory: DirectoryProvider;
  relayUrl: string;
  /** Wraps activities to make them fail or repeat. */
  change?: (activities: Activities) => Activities;
  changeBulk?: ((activities: BulkActivities) => BulkActivities) | undefined;
}

export interface TestWorker {
  readonly worker: Worker;
  /** Drains and stops. Safe to repeat. */
  stop(): Promise<void>;
}

// Keeps the SDK's messages about deliberate faults out of the tests' output.
const logging = { filter: 'off', forward: {} };

let isRuntimeInstalled = false;

/** Keeps the SDK from handling signals and from writing into the tests' output. */
export function installTestRuntime(): void {
  if (!isRuntimeInstalled) Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
  isRuntimeInstalled = true;
}

/** Signs with a fixed key, and reaches receivers on this machine. */
export const testWebhookSender = (): WebhookSender => ({
  secrets: new EndpointSecrets(new Uint8Array(32).fill(8)),
  poster: createPoster({ guard: createAddressGuard(['127.0.0.0/8']), allowHttp: true }),
  retrySpeed: 1,
});

/** Runs the product's workflows and activities in this process. */
export async function startTestWorker(options: TestWorkerOptions): Promise<TestWorker> {
  installTestRuntime();
  const { namespace, source, directory } = options;
  const connection = await NativeConnection.connect(connectionOptions(namespace.connection));
  const mailer = createMailer(options.relayUrl, 'cpor <notices@cpor.example>');
  const dependencies: ActivityDependencies = {
    source,
    directory,
    mailer,
    evidence: new EvidenceStore(source),
    scanner: noScanner,
    library: new ProgrammeLibrary(source),
    engine: namespace.engine,
    publicUrl: 'https://cpor.example',
    mailFrom: 'cpor <notices@cpor.example>',
    linkKey: new Uint8Array(32).fill(7),
    webhookSender: testWebhookSender(),
  };
  const activities = createActivities(dependencies);
  const bulkActivities = createBulkActivities(dependencies);
  const common = {
    connection,
    namespace: namespace.connection.namespace,
    dataConverter: dataConverter(namespace.codecKeys),
    shutdownGraceTime: '1s',
    shutdownForceTime: '5s',
  };
  const worker = await Worker.create({
    ...common,
    taskQueue: taskQueues.claims,
    workflowBundle,
    activities: options.change?.(activities) ?? activities,
  });
  const bulk = await Worker.create({
    ...common,
    taskQueue: taskQueues.imports,
    activities: options.changeBulk?.(bulkActivities) ?? bulkActivities,
  });
  const deliveries = await Worker.create({
    ...common,
    taskQueue: taskQueues.webhooks,
    workflowBundle,
    activities: createWebhookActivities(dependencies),
  });
  const workers = [worker, bulk, deliveries];
  const run = Promise.all(workers.map((running) => running.run()));
  run.catch(() => undefined);
  return {
    worker,
    async stop() {
      for (const running of workers) if (running.getState() === 'RUNNING') running.shutdown();
      await run;
      mailer.close();
      await connection.close();
    },
  };
}
