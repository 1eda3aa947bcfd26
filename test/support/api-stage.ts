import type { DataSource } from 'typeorm';
import { type DirectoryProvider, PostgresDirectoryProvider } from '#libs/directory/index.js';
import { startTestApi, type TestApi } from './api.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { TestRelay } from './relay.js';
import { createTestNamespace } from './temporal.js';
import { startTestWorker } from './worker.js';

export interface ApiStageOptions {
  poolSize?: number;
  /** The customer directory, and what the API is told of it; that of the database when left out. */
  openDirectory?: (source: DataSource) => Promise<{ directory: DirectoryProvider; env: Record<string, string> }>;
}

/** Everything that serves claims by HTTP, for one test file: database, Temporal, mail relay, worker and API. */
export interface ApiStage {
  readonly database: TestDatabase;
  readonly api: TestApi;
  close(): Promise<void>;
}

export async function openApiStage({ poolSize, openDirectory = ownDirectory }: ApiStageOptions = {}): Promise<ApiStage> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const one of closers.reverse()) await one();
  };
  try {
    const database = await createTestDatabase(poolSize === undefined ? {} : { poolSize });
    closers.push(() => database.close());
    const namespace = await createTestNamespace();
    closers.push(() => namespace.close());
    const relay = new TestRelay();
    await relay.start();
    closers.push(() => relay.stop());
    const { source } = database;
    const { directory, env } = await openDirectory(source);
    const worker = await startTestWorker({ namespace, source, directory, relayUrl: relay.url });
    closers.push(() => worker.stop());
    const api = await startTestApi(database, namespace, env);
    closers.push(() => api.close());
    return { database, api, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const ownDirectory = (source: DataSource) => Promise.resolve({ directory: new PostgresDirectoryProvider(source), env: {} });
