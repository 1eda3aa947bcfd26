import type { DataSource } from 'typeorm';
import { readClock } from '#libs/event-store/index.js';
import type { DirectoryService } from './http/post-look-up.js';
import { type HttpDirectoryLimits, HttpDirectoryProvider } from './http/http-provider.js';
import { PostgresDirectoryProvider } from './built-in/postgres-provider.js';
import type { DirectoryProvider } from './directory-provider.js';

/** The vendor's own service, or null for the built-in directory. */
export type DirectoryChoice = DirectoryService | null;

/** Creates the directory provider that this installation is configured for. */
export function createDirectory(
  service: DirectoryChoice,
  database: Pick<DataSource, 'query'>,
  limits: Partial<HttpDirectoryLimits> = {},
): DirectoryProvider {
  return service === null ? new PostgresDirectoryProvider(database) : new HttpDirectoryProvider(service, () => readClock(database), limits);
}
