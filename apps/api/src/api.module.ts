import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { AccessesModule } from './accesses/accesses.module.js';
import type { ApiConfig } from './api.config.js';
import { AssociationsModule } from './associations/associations.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CalendarsModule } from './calendars/calendars.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { ClaimsModule } from './claims/claims.module.js';
import { ConsoleModule } from './console/console.module.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { CustomerPageModule } from './customer-page/customer-page.module.js';
import { DeadlinesModule } from './deadlines/deadlines.module.js';
import { DisputesModule } from './disputes/disputes.module.js';
import { EligibilityModule } from './eligibility/eligibility.module.js';
import { EventsModule } from './events/events.module.js';
import { EvidenceModule } from './evidence/evidence.module.js';
import { HealthModule } from './health/health.module.js';
import { requestLog } from './http/request-log.js';
import { ImportsModule } from './imports/imports.module.js';
import { LegalHoldsModule } from './legal-holds/legal-holds.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { MeModule } from './me/me.module.js';
import { MembersModule } from './members/members.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { OversightModule } from './oversight/oversight.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { PreviewsModule } from './previews/previews.module.js';
import { ProblemsModule } from './problems/problems.module.js';
import { ProgrammesModule } from './programmes/programmes.module.js';
import { PublicPagesModule } from './public-pages/public-pages.module.js';
import { ReceiptsModule } from './receipts/receipts.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { ReviewsModule } from './reviews/reviews.module.js';
import { RivalsModule } from './rivals/rivals.module.js';
import { IssuerModule } from './sandbox/issuer.module.js';
import { SandboxModule } from './sandbox/sandbox.module.js';
import { SignInModule } from './sign-in/sign-in.module.js';
import { SignaturesModule } from './signatures/signatures.module.js';
import { SnapshotsModule } from './snapshots/snapshots.module.js';
import { TargetsModule } from './targets/targets.module.js';
import { TenantsModule } from './tenants/tenants.module.js';
import { UsageModule } from './usage/usage.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** One module per feature; each folder has its own. */
const features = [
  MembersModule,
  ClaimsModule,
  ChangesModule,
  DeadlinesModule,
  ImportsModule,
  EvidenceModule,
  SignaturesModule,
  SnapshotsModule,
  ReviewsModule,
  PreviewsModule,
  DisputesModule,
  RivalsModule,
  AssociationsModule,
  TargetsModule,
  EventsModule,
  WebhooksModule,
  NoticesModule,
  CustomerPageModule,
  TenantsModule,
  OversightModule,
  OperationsModule,
  ProgrammesModule,
  CalendarsModule,
  EligibilityModule,
  UsageModule,
  AccessesModule,
  ReportsModule,
  LegalHoldsModule,
  ContactsModule,
  ConsoleModule,
  HealthModule,
  MetricsModule,
  ProblemsModule,
  PublicPagesModule,
  ReceiptsModule,
];

/** Everything the API process hosts. */
@Module({})
export class ApiModule {
  static with(config: ApiConfig): DynamicModule {
    const sandboxModules = config.mode === 'sandbox' ? [SandboxModule] : [];
    return {
      module: ApiModule,
      imports: [
        LoggerModule.forRoot(requestLog(config.logLevel)),
        PlatformModule.forRoot(config),
        AuthModule.forRoot(config),
        LimitsModule,
        MeModule.forRoot(config),
        SignInModule.forRoot(config),
        ...features,
        ...sandboxModules,
        IssuerModule.forRoot(config),
      ],
    };
  }
}
