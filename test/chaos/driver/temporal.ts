import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkoutRoot,
  dropTemporalStore,
  type EmbeddedPostgres,
  type EmbeddedTemporal,
  openTemporalStore,
  startTemporal,
  temporalServerIn,
} from '#libs/embedded/index.js';

/** One of Temporal's servers, as a stage starts it again and again. */
export interface TemporalKind {
  /** Starts it on its data, at the address that it had before. */
  start(): Promise<EmbeddedTemporal>;
  /** Deletes its data, while it is not running, and starts an empty one. */
  startEmpty(): Promise<EmbeddedTemporal>;
}

export interface TemporalOptions {
  kind: 'development' | 'production';
  /** The share of the production server's calls to its store that fail. */
  persistenceFaults: number;
}

const namespaces = ['cpor'];

/** The development server, on a file in the folder. */
export function developmentTemporal(directory: string): TemporalKind {
  let port = 0;
  const start = async () => {
    const server = await startTemporal({ directory, port, namespaces });
    ({ port } = server);
    return server;
  };
  return {
    start,
    async startEmpty() {
      const files = (await readdir(directory)).filter((name) => name.includes('.db'));
      for (const name of files) await rm(join(directory, name));
      return start();
    },
  };
}

/** The production server, on the product's PostgreSQL and through its gate: what befalls the product's database befalls Temporal, too. */
export async function productionTemporal(
  directory: string,
  gatePort: number,
  postgres: () => EmbeddedPostgres,
  persistenceFaults: number,
): Promise<TemporalKind> {
  const startServer = temporalServerIn(directory);
  const file = join(checkoutRoot, 'test/chaos/temporal-faults.yaml');
  const configuration = { file, env: { FAULT_SHARE: String(persistenceFaults) } };
  const openStore = async () => ({ ...(await openTemporalStore(postgres())), port: gatePort });
  let store = await openStore();
  let isNew = true;
  const start = async () => {
    const server = await startServer({ store, ...(isNew && { namespaces }), ...(persistenceFaults > 0 && { configuration }) });
    isNew = false;
    return server;
  };
  return {
    start,
    async startEmpty() {
      await dropTemporalStore(postgres());
      store = await openStore();
      isNew = true;
      return start();
    },
  };
}
