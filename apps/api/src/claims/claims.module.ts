import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { EvidenceModule } from '../evidence/evidence.module.js';
import { AnswerService } from './answer.service.js';
import { ClaimExportService } from './claim-export.service.js';
import { ClaimListsController } from './claim-lists.controller.js';
import { ClaimReader } from './claim.reader.js';
import { ClaimsController } from './claims.controller.js';
import { CommentsController } from './comments.controller.js';
import { CreateClaimService } from './create-claim.service.js';
import { ProcessController } from './process.controller.js';
import { SubmissionsController } from './submissions.controller.js';
import { SubmittedVersionReader } from './submitted-version.reader.js';
import { SubmittedVersionsController } from './submitted-versions.controller.js';

/** Creates, edits, submits, lists and exports claims. */
@Module({
  imports: [CommandsModule, EvidenceModule],
  controllers: [
    ClaimsController,
    ClaimListsController,
    SubmissionsController,
    SubmittedVersionsController,
    CommentsController,
    ProcessController,
  ],
  providers: [CreateClaimService, AnswerService, ClaimReader, ClaimExportService, SubmittedVersionReader],
})
export class ClaimsModule {}
