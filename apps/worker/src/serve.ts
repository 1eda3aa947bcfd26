import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import type { Config } from '#libs/config/index.js';
import { SandboxClockMoved } from '#libs/event-store/index.js';
import { WorkerModule } from './worker.module.js';

/** Works until the process is told to end. */
export async function serve(config: Config): Promise<void> {
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
}

/** Returns whether an operator can fix the error. Such errors are printed without a stack trace. */
export const isForOperator = (error: unknown): error is Error => error instanceof SandboxClockMoved;
