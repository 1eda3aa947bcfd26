import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { ConfigError, readConfig } from '#libs/config/index.js';
import { SandboxClockMoved } from '#libs/event-store/index.js';
import { WorkerModule } from './worker.module.js';

async function main(): Promise<void> {
  const config = readConfig(process.env, 'worker');
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
}

/** An operator can fix these: the message suffices, without a stack. */
const isOperatorFault = (error: unknown): error is Error => error instanceof ConfigError || error instanceof SandboxClockMoved;

main().catch((error: unknown) => {
  process.stderr.write(`${isOperatorFault(error) ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
