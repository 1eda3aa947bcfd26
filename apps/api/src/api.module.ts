import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import { DataSource } from 'typeorm';
import { createDirectory } from '#libs/directory/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { openDatabase, SandboxClockMoved } from '#libs/event-store/index.js';
import { createScanner } from '#libs/evidence/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { API_CONFIG, type ApiConfig, DIRECTORY } from './api.config.js';
import { AccessReader } from './accesses/access.reader.js';
import { AccessesController } from './accesses/accesses.controller.js';
import { RefusalReader } from './accesses/refusal.reader.js';
import { RefusalsController } from './accesses/refusals.controller.js';
import { AssociationReader } from './associations/association.reader.js';
import { AssociationsController } from './associations/associations.controller.js';
import { AssociationChangesController } from './associations/association-changes.controller.js';
import { AuthModule } from './auth/auth.module.js';
import { CalendarReader } from './calendars/calendar.reader.js';
import { CalendarsController } from './calendars/calendars.controller.js';
import { AnswerService } from './claims/answer.service.js';
import { ClaimExportService } from './claims/claim-export.service.js';
import { ClaimListsController } from './claims/claim-lists.controller.js';
import { ClaimReader } from './claims/claim.reader.js';
import { ClaimsController } from './claims/claims.controller.js';
import { CommentsController } from './claims/comments.controller.js';
import { CreateClaimService } from './claims/create-claim.service.js';
import { ProcessController } from './claims/process.controller.js';
import { SubmittedVersionReader } from './claims/submitted-version.reader.js';
import { SubmittedVersionsController } from './claims/submitted-versions.controller.js';
import { SubmissionsController } from './claims/submissions.controller.js';
import { CommandService } from './commands/command.service.js';
import { WorkflowWaker } from './commands/workflow-waker.js';
import { ContactExportService } from './contacts/contact-export.service.js';
import { ContactExportsController } from './contacts/contact-exports.controller.js';
import { CustomerPageController } from './customer-page/customer-page.controller.js';
import { CustomerPageService } from './customer-page/customer-page.service.js';
import { LinkLimit } from './customer-page/link-limit.js';
import { DisputesController } from './disputes/disputes.controller.js';
import { EligibilityController } from './eligibility/eligibility.controller.js';
import { EligibilityReader } from './eligibility/eligibility.reader.js';
import { EventReader } from './events/event.reader.js';
import { EventsController } from './events/events.controller.js';
import { EvidenceController } from './evidence/evidence.controller.js';
import { EVIDENCE_SCANNER, EvidenceService } from './evidence/evidence.service.js';
import { UPLOAD_BUDGET, uploadBudget, UploadService } from './evidence/upload.service.js';
import { HealthController } from './health/health.controller.js';
import { EngineWarnings } from './health/engine-warnings.service.js';
import { ReadinessService } from './health/readiness.service.js';
import { ProblemsController } from './http/problems.controller.js';
import { requestLog } from './http/request-log.js';
import { LegalHoldService } from './legal-holds/legal-hold.service.js';
import { LegalHoldsController } from './legal-holds/legal-holds.controller.js';
import { ImportReader } from './imports/import.reader.js';
import { ImportService } from './imports/import.service.js';
import { ImportsController } from './imports/imports.controller.js';
import { AcceptancesController } from './notices/acceptances.controller.js';
import { NoticeReader } from './notices/notice.reader.js';
import { NoticesController } from './notices/notices.controller.js';
import { OptOutsController } from './notices/opt-outs.controller.js';
import { ResentNoticesController } from './notices/resent-notices.controller.js';
import { OperationReader } from './operations/operation.reader.js';
import { OperationsController } from './operations/operations.controller.js';
import { ProgrammeReader } from './programmes/programme.reader.js';
import { ProgrammesController } from './programmes/programmes.controller.js';
import { PublicationService } from './publications/publication.service.js';
import { ReviewQueueController } from './reviews/review-queue.controller.js';
import { ReviewQueueReader } from './reviews/review-queue.reader.js';
import { BreachesController } from './reports/breaches.controller.js';
import { BreachReader } from './reports/breaches.reader.js';
import { CalendarCoverageController } from './reports/calendar-coverage.controller.js';
import { CalendarCoverageReader } from './reports/calendar-coverage.reader.js';
import { ExtensionsController } from './reviews/extensions.controller.js';
import { ReviewsController } from './reviews/reviews.controller.js';
import { RivalsController } from './rivals/rivals.controller.js';
import { RivalsReader } from './rivals/rivals.reader.js';
import { IssuerModule } from './sandbox/issuer.module.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { SandboxService } from './sandbox/sandbox.service.js';
import { TargetReader } from './targets/target.reader.js';
import { TargetsController } from './targets/targets.controller.js';
import { UsageImportService } from './usage/usage-import.service.js';
import { UsageImportsController } from './usage/usage-imports.controller.js';
import { UsageController } from './usage/usage.controller.js';
import { UsageExport } from './usage/usage.export.js';
import { UsageReader } from './usage/usage.reader.js';
import { BlocksController } from './tenants/blocks.controller.js';
import { ChoicesController } from './tenants/choices.controller.js';
import { PendingClaimsController } from './tenants/pending-claims.controller.js';
import { TenantReader } from './tenants/tenant.reader.js';

const controllers = [
  ClaimsController,
  ClaimListsController,
  ImportsController,
  SubmissionsController,
  SubmittedVersionsController,
  CommentsController,
  EvidenceController,
  ReviewsController,
  ReviewQueueController,
  AssociationsController,
  DisputesController,
  AssociationChangesController,
  TargetsController,
  EventsController,
  OptOutsController,
  AcceptancesController,
  ResentNoticesController,
  ExtensionsController,
  RivalsController,
  BlocksController,
  PendingClaimsController,
  ChoicesController,
  BreachesController,
  CalendarCoverageController,
  NoticesController,
  LegalHoldsController,
  ContactExportsController,
  ProcessController,
  OperationsController,
  ProgrammesController,
  EligibilityController,
  CalendarsController,
  UsageController,
  UsageImportsController,
  AccessesController,
  RefusalsController,
  CustomerPageController,
  HealthController,
  ProblemsController,
];

const services = [
  CommandService,
  CreateClaimService,
  AnswerService,
  EventReader,
  TargetReader,
  ClaimReader,
  ClaimExportService,
  ReviewQueueReader,
  AssociationReader,
  ImportService,
  ImportReader,
  SubmittedVersionReader,
  EvidenceService,
  UploadService,
  NoticeReader,
  LegalHoldService,
  ContactExportService,
  RivalsReader,
  TenantReader,
  BreachReader,
  CalendarCoverageReader,
  OperationReader,
  ProgrammeReader,
  CalendarReader,
  PublicationService,
  EligibilityReader,
  UsageReader,
  UsageExport,
  UsageImportService,
  AccessReader,
  RefusalReader,
  CustomerPageService,
  LinkLimit,
  SandboxService,
  ReadinessService,
  EngineWarnings,
];

const poolSize = 30;

/** Everything the API process hosts. */
@Module({})
export class ApiModule {
  static with(config: ApiConfig): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        LoggerModule.forRoot(requestLog(config.logLevel)),
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ retryAttempts: 60, retryDelay: 1_000, toRetry: (error) => !(error instanceof SandboxClockMoved) }),
          dataSourceFactory: () => openDatabase(config.database.url, config.mode, { poolSize, applicationName: 'cpor api' }),
        }),
        AuthModule.forRoot(config),
        IssuerModule.forRoot(config),
      ],
      controllers: config.mode === 'sandbox' ? [...controllers, SandboxController] : controllers,
      providers: [
        ...services,
        { provide: API_CONFIG, useValue: config },
        { provide: EVIDENCE_SCANNER, useValue: createScanner(config.evidenceScanner) },
        { provide: UPLOAD_BUDGET, useFactory: uploadBudget },
        { provide: ProgrammeLibrary, useFactory: (source: DataSource) => new ProgrammeLibrary(source), inject: [DataSource] },
        {
          provide: DIRECTORY,
          useFactory: (source: DataSource) => createDirectory(config.directory, source),
          inject: [DataSource],
        },
        { provide: ClaimEngine, useFactory: () => engineOf(config) },
        { provide: WorkflowWaker, useFactory: (engine: ClaimEngine) => new WorkflowWaker(engine), inject: [ClaimEngine] },
      ],
    };
  }
}

/** The connection opens with its first use, so that the API starts, and serves, while Temporal is away. */
function engineOf({ temporal: { address, namespace, apiKey, tls }, codecKeys }: ApiConfig): ClaimEngine {
  return new ClaimEngine(createClient({ address, namespace, apiKey, useTls: tls }, codecKeys).client);
}
