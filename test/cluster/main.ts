import { join } from 'node:path';
import { tellStory } from '../../apps/demo/src/story.js';
import { openWorld } from '../../apps/demo/src/world.js';
import {
  checkoutRoot,
  endProcess,
  findFreePort,
  openTemporalStore,
  type Pair,
  type Stack,
  startStack,
  temporalServerIn,
} from '#libs/embedded/index.js';
import { openProduct } from '../support/product.js';
import { buildTemporalServer } from '../support/temporal-server.js';
import { liveThroughKills } from './claims.js';
import { type ClusterOptions, readOptions, usage } from './options.js';
import { Proxy } from './proxy.js';

/**
 * The topology of production without containers: Temporal's production server with its stores in PostgreSQL, and two APIs and two workers behind
 * a proxy. See docs/how-to/run-the-cluster.md.
 */
const dataDirectory = join(checkoutRoot, '.data', 'cluster');
const proxyPort = 3000;
const temporalPort = 7233;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Cluster {
  proxy: Proxy;
  stack: Stack;
  pair: Pair;
  stop(): Promise<void>;
}

async function startCluster(signal: AbortSignal): Promise<Cluster> {
  const apiPort = await findFreePort();
  const port = await findFreePort(proxyPort);
  if (port !== proxyPort) say(`Port ${proxyPort} is in use; the proxy uses ${port} instead.`);
  const proxy = await Proxy.open([apiPort], port);
  const startTemporal = temporalServerIn(join(dataDirectory, 'temporal'), temporalPort);
  let stack: Stack | undefined;
  const stop = async () => {
    await proxy.close();
    await stack?.stop();
  };
  try {
    stack = await startStack({
      dataDirectory,
      isFresh: true,
      ports: { api: apiPort },
      temporal: async (postgres) => startTemporal({ store: await openTemporalStore(postgres), namespaces: ['cpor'] }),
      env: { ...process.env, CPOR_PUBLIC_URL: proxy.url, CPOR_TRUSTED_PROXIES: '127.0.0.1/32', CPOR_RATE_LIMITS: 'off' },
      say,
      signal,
    });
    const pair = await stack.addPair();
    proxy.targets.push(Number(new URL(pair.apiUrl).port));
    return { proxy, stack, pair, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function describe({ proxy, stack, pair }: Cluster): string {
  const { addresses, parts } = stack;
  const rows = [
    ['Proxy', `${proxy.url}   console: ${proxy.url}/console/`],
    ['API 1, API 2', `${addresses.apiUrl} (process ${parts.api.pid}), ${pair.apiUrl} (process ${pair.api.pid})`],
    ['Worker 1, worker 2', `process ${parts.worker.pid}, process ${pair.worker.pid}`],
    ['Temporal', `${addresses.temporalAddress}, namespace cpor (process ${parts.temporal?.pid}), its stores in PostgreSQL`],
    ['PostgreSQL', `port ${new URL(addresses.databaseUrl).port} (process ${parts.postgres?.pid}): cpor, temporal, temporal_visibility`],
    ['Mailbox', addresses.mailboxUrl ?? new URL(addresses.smtpUrl).host],
    ['Data and logs', stack.dataDirectory],
  ];
  return rows.map(([name, value]) => `  ${name?.padEnd(22)}${value}`).join('\n');
}

/** Plays what was asked for. Returns whether everything came out right. */
async function play({ proxy, stack, pair }: Cluster, { hasStory, claims }: ClusterOptions): Promise<boolean> {
  if (hasStory) {
    const world = await openWorld({ ...stack, env: stack.env, addresses: { ...stack.addresses, apiUrl: proxy.url } });
    await tellStory(world).finally(() => world.close());
  }
  if (claims === 0) return true;
  const product = await openProduct(stack, proxy.url);
  const { rows, isRight } = await liveThroughKills(product, claims, [pair.worker, stack.parts.api], say).finally(() => product.close());
  console.table(rows);
  return isRight;
}

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort(new Error('Interrupted.')));
  if (!(await buildTemporalServer(interruption.signal))) return false;

  const startedAt = performance.now();
  const cluster = await startCluster(interruption.signal);
  try {
    say(`The cluster is running (ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s).\n${describe(cluster)}`);
    const isRight = await Promise.race([play(cluster, options), interrupted.then(() => interruption.signal.throwIfAborted())]);
    if (options.isKept) {
      say('Press Ctrl-C to stop it.');
      await interrupted;
    }
    return isRight ?? false;
  } finally {
    say('Stopping …');
    await cluster.stop();
    say('Stopped.');
  }
}

try {
  await endProcess((await main()) ? 0 : 1);
} catch (error) {
  const isUsage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${(error as Error).message}${isUsage ? `\n${usage}` : ''}\n`);
  await endProcess(1);
}
