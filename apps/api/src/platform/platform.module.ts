import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { createDirectory } from '#libs/directory/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { openDatabase, SandboxClockMoved } from '#libs/event-store/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { API_CONFIG, type ApiConfig, DIRECTORY } from '../api.config.js';

const poolSize = 30;

/**
 * What all features share: the settings, the database, the programme library, the customer directory and the Temporal client.
 * Global, because almost every feature needs some of it and there may be only one of each per process.
 */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(config: ApiConfig): DynamicModule {
    return {
      module: PlatformModule,
      imports: [databaseModule(config)],
      providers: [
        { provide: API_CONFIG, useValue: config },
        { provide: ProgrammeLibrary, useFactory: (source: DataSource) => new ProgrammeLibrary(source), inject: [DataSource] },
        { provide: DIRECTORY, useFactory: (source: DataSource) => createDirectory(config.directory, source), inject: [DataSource] },
        { provide: ClaimEngine, useFactory: () => createEngine(config) },
      ],
      exports: [API_CONFIG, ProgrammeLibrary, DIRECTORY, ClaimEngine],
    };
  }
}

/** Provides the DataSource, which TypeORM's module makes global. */
function databaseModule({ database: { url }, mode }: ApiConfig): DynamicModule {
  return TypeOrmModule.forRootAsync({
    // A moved clock stays moved: retrying cannot help.
    useFactory: () => ({ retryAttempts: 60, retryDelay: 1_000, toRetry: (error) => !(error instanceof SandboxClockMoved) }),
    dataSourceFactory: () => openDatabase(url, mode, { poolSize, applicationName: 'cpor api' }),
  });
}

/** Connects on first use, so that the API starts and serves while Temporal is down. */
function createEngine({ temporal: { address, namespace, apiKey, tls }, codecKeys }: ApiConfig): ClaimEngine {
  return new ClaimEngine(createClient({ address, namespace, apiKey, useTls: tls }, codecKeys).client);
}
