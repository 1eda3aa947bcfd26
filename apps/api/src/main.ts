import { Logger } from '@nestjs/common';
import { ConfigError, readConfig } from '#libs/config/index.js';
import { SandboxClockMoved } from '#libs/event-store/index.js';
import { SealError } from '#libs/receipts/index.js';
import { createApp } from './create-app.js';

async function main(): Promise<void> {
  const config = readConfig(process.env, 'api');
  const app = await createApp(config);
  await app.listen(config.api.port, config.api.host);
  new Logger('Api').log(`The API listens on ${await app.getUrl()}.`);
}

/** Returns whether an operator can fix the error. Such errors are printed without a stack trace. */
const isForOperator = (error: unknown): error is Error =>
  error instanceof ConfigError || error instanceof SandboxClockMoved || error instanceof SealError;

main().catch((error: unknown) => {
  process.stderr.write(`${isForOperator(error) ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
