import type { DirectoryService } from './http-request.js';
import { type HttpDirectoryLimits, HttpDirectoryProvider } from './http-provider.js';
import { PostgresDirectoryProvider } from './postgres-provider.js';
import type { DirectoryProvider } from './provider.js';
import type { Queryable } from './queryable.js';

/** The vendor's own service, or null for the built-in directory. */
export type DirectoryChoice = DirectoryService | null;

/** The directory that an installation is configured for. */
export function createDirectory(
  service: DirectoryChoice,
  database: Queryable,
  limits: Partial<HttpDirectoryLimits> = {},
): DirectoryProvider {
  return service === null ? new PostgresDirectoryProvider(database) : new HttpDirectoryProvider(service, limits);
}
