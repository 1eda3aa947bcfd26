import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutRoot, endProcess, startStack } from '#libs/embedded/index.js';
import { narrator } from './narrator.js';
import { tellStory } from './story.js';
import { Surprise } from './surprise.js';
import { openWorld } from './world.js';

const usage = 'Usage: npm run demo [-- --keep]   (--keep leaves everything running until you press Ctrl-C)';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort(new Error('Interrupted.')));

  const startedAt = performance.now();
  const dataDirectory = join(checkoutRoot, '.data', 'demo');
  const say = (line: string) => narrator.say(line);
  const stack = await startStack({ dataDirectory, isFresh: true, say, signal: interruption.signal });
  try {
    narrator.say(`Temporal, PostgreSQL, the API, the worker and a mailbox are up (${seconds(startedAt)} s).`);
    const world = await openWorld(stack);
    await Promise.race([tellStory(world), interrupted.then(() => interruption.signal.throwIfAborted())]);
    await world.close();
    narrator.say(`\nThe demo is complete: everything happened as expected (${seconds(startedAt)} s).`);
    if (!values.keep) {
      narrator.say('To see the three claims in the console: npm run demo -- --keep');
      return;
    }
    narrator.say('Everything keeps running until you press Ctrl-C.');
    await interrupted;
  } finally {
    await stack.stop();
  }
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

try {
  await main();
  await endProcess(0);
} catch (error) {
  const { message, stack } = error as Error;
  const isUsage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  const text = error instanceof Surprise ? `The demo failed: ${message}` : isUsage ? `${message}\n${usage}` : (stack ?? message);
  process.stderr.write(`\n${text}\n`);
  await endProcess(1);
}
