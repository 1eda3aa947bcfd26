import { Logger } from '@nestjs/common';
import { type Config, ConfigError, readConfig } from '#libs/config/index.js';
import { startTracing } from '#libs/tracing/index.js';

async function main(): Promise<void> {
  const config = configuration();
  await startTracing(config.traces, { service: 'worker', warn: (message) => new Logger('Tracing').warn(message) });
  // Only now: what is traced must not be loaded before the tracing.
  const { isForOperator, serve } = await import('./serve.js');
  await serve(config).catch((error: unknown) => fail(isForOperator(error) ? error.message : (error as Error).stack));
}

function configuration(): Config {
  try {
    return readConfig(process.env, 'worker');
  } catch (error) {
    return fail(error instanceof ConfigError ? error.message : (error as Error).stack);
  }
}

function fail(message: string | undefined): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

main().catch((error: unknown) => fail((error as Error).stack));
