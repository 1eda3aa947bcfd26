import { Module } from '@nestjs/common';
import { createScanner } from '#libs/evidence/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { CommandsModule } from '../commands/commands.module.js';
import { EvidenceController } from './evidence.controller.js';
import { EVIDENCE_SCANNER, EvidenceService } from './evidence.service.js';
import { UPLOAD_BUDGET, uploadBudget, UploadService } from './upload.service.js';

/** Uploads, lists and serves evidence files. The scanner is exported because a new claim can include evidence. */
@Module({
  imports: [CommandsModule],
  controllers: [EvidenceController],
  providers: [
    EvidenceService,
    UploadService,
    {
      provide: EVIDENCE_SCANNER,
      useFactory: ({ clamd }: ApiConfig) => createScanner(clamd),
      inject: [API_CONFIG],
    },
    { provide: UPLOAD_BUDGET, useFactory: uploadBudget },
  ],
  exports: [EVIDENCE_SCANNER],
})
export class EvidenceModule {}
