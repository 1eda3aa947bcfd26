import { Module } from '@nestjs/common';
import { ContactExportService } from './contact-export.service.js';
import { ContactExportsController } from './contact-exports.controller.js';

/** Exports what is stored about a person. */
@Module({
  controllers: [ContactExportsController],
  providers: [ContactExportService],
})
export class ContactsModule {}
