import type { LoggerService } from '@nestjs/common';
import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import { plainError } from '#libs/log/index.js';

const methods = { TRACE: 'verbose', DEBUG: 'debug', INFO: 'log', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  keyof LoggerService
>;

/** Forwards the SDK's messages, such as failed activities that are retried, to the worker's log, with errors stripped of data. */
export function sdkLogger(logger: Required<Pick<LoggerService, (typeof methods)[LogLevel]>>): DefaultLogger {
  return new DefaultLogger('INFO', ({ level, message, meta }: LogEntry) => {
    const plain = JSON.stringify(meta ?? {}, (_, value: unknown) => {
      if (typeof value === 'bigint') return String(value);
      return value instanceof Error ? plainError(value) : value;
    });
    logger[methods[level]](plain === '{}' ? message : `${message} ${plain}`);
  });
}
