import { Module } from '@nestjs/common';
import { UsageImportService } from './usage-import.service.js';
import { UsageImportsController } from './usage-imports.controller.js';
import { UsageController } from './usage.controller.js';
import { UsageExport } from './usage.export.js';
import { UsageReader } from './usage.reader.js';

/** Imports, lists and exports monthly usage. */
@Module({
  controllers: [UsageController, UsageImportsController],
  providers: [UsageReader, UsageExport, UsageImportService],
})
export class UsageModule {}
