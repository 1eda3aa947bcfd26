import { Logger } from '@nestjs/common';
import type { Config } from '#libs/config/index.js';
import { SandboxClockMoved } from '#libs/event-store/index.js';
import { SealError } from '#libs/receipts/index.js';
import { createApp } from './create-app.js';

/** Serves until the process is told to end. */
export async function serve(config: Config): Promise<void> {
  const app = await createApp(config);
  await app.listen(config.api.port, config.api.host);
  new Logger('Api').log(`The API listens on ${await app.getUrl()}.`);
}

/** Returns whether an operator can fix the error. Such errors are printed without a stack trace. */
export const isForOperator = (error: unknown): error is Error => error instanceof SandboxClockMoved || error instanceof SealError;
