import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import { DataSource } from 'typeorm';
import type { Config } from '#libs/config/index.js';
import { createDirectory } from '#libs/directory/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { openDatabase, SandboxClockMoved } from '#libs/event-store/index.js';
import { createScanner } from '#libs/evidence/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { plainError } from '#libs/log/index.js';
import { createMailer, sandboxLinkKey } from '#libs/notices/index.js';
import type { ActivityDependencies } from '../../../activities/index.js';
import { CheckpointKeeper } from './checkpoint-keeper.js';
import { ClaimWorker } from './claim-worker.js';

/** The worker process: Temporal workers and the daily checkpoint. */
@Module({})
export class WorkerModule {
  static with(config: Config): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        LoggerModule.forRoot({ pinoHttp: { level: config.logLevel, name: 'worker', serializers: { err: plainError } } }),
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ retryAttempts: 120, retryDelay: 1_000, toRetry: (error) => !(error instanceof SandboxClockMoved) }),
          dataSourceFactory: () => openDatabase(config.database.url, config.mode, { poolSize: 20, applicationName: 'cpor worker' }),
        }),
      ],
      providers: [
        {
          provide: ClaimWorker,
          useFactory: (source: DataSource) => new ClaimWorker(config, dependencies(config, source)),
          inject: [DataSource],
        },
        {
          provide: CheckpointKeeper,
          useFactory: (source: DataSource) => new CheckpointKeeper(source, config.checkpoints),
          inject: [DataSource],
        },
      ],
    };
  }
}

function dependencies(config: Config, source: DataSource): ActivityDependencies {
  const { address, namespace, apiKey, tls } = config.temporal;
  const { client } = createClient({ address, namespace, apiKey, useTls: tls }, config.codecKeys);
  return {
    source,
    library: new ProgrammeLibrary(source),
    directory: createDirectory(config.directory, source),
    scanner: createScanner(config.evidenceScanner),
    mailer: createMailer(config.mail.smtpUrl, config.mail.from),
    engine: new ClaimEngine(client),
    publicUrl: config.api.publicUrl,
    mailFrom: config.mail.from,
    linkKey: config.linkKey ?? sandboxLinkKey(config.dataDirectory),
  };
}
