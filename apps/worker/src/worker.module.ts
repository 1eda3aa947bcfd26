import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import { DataSource } from 'typeorm';
import type { Config } from '#libs/config/index.js';
import { createDirectory } from '#libs/directory/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { openDatabase, SandboxClockMoved } from '#libs/event-store/index.js';
import { createScanner, EvidenceStore } from '#libs/evidence/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { plainError } from '#libs/log/index.js';
import { addClaimMetrics, MetricsServer, processMetrics } from '#libs/metrics/index.js';
import { TracingEnd } from '#libs/tracing/index.js';
import { createMailer, sandboxLinkKey } from '#libs/notices/index.js';
import type { ActivityDependencies, WebhookSender } from '../../../activities/index.js';
import { createAddressGuard, createPoster, EndpointSecrets, webhookRootKey } from '#libs/webhooks/index.js';
import { CheckpointKeeper } from './checkpoint-keeper.js';
import { ClaimWorker } from './claim-worker.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';

const DEPENDENCIES = Symbol('activity dependencies');

/** The worker process: Temporal workers, the dispatch of webhooks and the daily checkpoint. */
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
          useFactory: (provided: ActivityDependencies) => new ClaimWorker(config, provided),
          inject: [DEPENDENCIES],
        },
        { provide: DEPENDENCIES, useFactory: (source: DataSource) => dependencies(config, source), inject: [DataSource] },
        { provide: TracingEnd, useClass: TracingEnd },
        { provide: MetricsServer, useFactory: (source: DataSource) => metricsServer(config, source), inject: [DataSource] },
        {
          provide: CheckpointKeeper,
          useFactory: (source: DataSource) => new CheckpointKeeper(source, config.checkpoints),
          inject: [DataSource],
        },
        {
          provide: WebhookDispatcher,
          useFactory: (source: DataSource, { engine }: ActivityDependencies) => new WebhookDispatcher(source, engine),
          inject: [DataSource, DEPENDENCIES],
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
    evidence: new EvidenceStore(source),
    scanner: createScanner(config.clamd),
    mailer: createMailer(config.mail.smtpUrl, config.mail.from),
    engine: new ClaimEngine(client),
    publicUrl: config.api.publicUrl,
    mailFrom: config.mail.from,
    linkKey: config.linkKey ?? sandboxLinkKey(config.dataDirectory),
    webhookSender: webhookSender(config),
  };
}

/** Workers say how the installation fares: API processes are many, and all would say the same. */
function metricsServer(config: Config, source: DataSource): MetricsServer {
  const registry = processMetrics(source);
  addClaimMetrics(registry, source);
  return new MetricsServer(registry, config.metrics.own);
}

function webhookSender(config: Config): WebhookSender | null {
  const { allowedNetworks, allowsHttp, retrySpeed } = config.webhooks;
  const root = webhookRootKey(config);
  if (root === null) return null;
  const poster = createPoster({ guard: createAddressGuard(allowedNetworks), allowHttp: allowsHttp });
  return { secrets: new EndpointSecrets(root), poster, retrySpeed };
}
