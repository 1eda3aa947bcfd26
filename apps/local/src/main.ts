import { parseArgs } from 'node:util';
import { endProcess, type Stack, startStack } from '#libs/embedded/index.js';

const usage = 'Usage: npm start [-- --fresh]   (--fresh deletes the data of earlier runs)';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function describe({ addresses, dataDirectory }: Stack): string {
  const rows = [
    ['Console', `${addresses.apiUrl}/console/   sign in as a sample person`],
    ['Start page and API', addresses.apiUrl],
    ['API reference', `${addresses.apiUrl}/docs`],
    ['Mailbox', addresses.mailboxUrl ?? `mail goes to ${new URL(addresses.smtpUrl).host}`],
    ['Temporal', addresses.temporalUiUrl ?? addresses.temporalAddress],
    ['Data and logs', dataDirectory],
  ];
  return rows.map(([name, value]) => `  ${name?.padEnd(22)}${value}`).join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort(new Error('Interrupted.')));

  const startedAt = performance.now();
  const stack = await startStack({ isFresh: values.fresh, say, signal: interruption.signal });
  say(
    `cpor is running (ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s). Press Ctrl-C to stop it. Data are kept; "npm start -- --fresh" deletes them.\n${describe(stack)}`,
  );
  await interrupted;
  say('Stopping …');
  await stack.stop();
  say('Stopped.');
}

try {
  await main();
  await endProcess(0);
} catch (error) {
  const isUsage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${(error as Error).message}${isUsage ? `\n${usage}` : ''}\n`);
  await endProcess(1);
}
