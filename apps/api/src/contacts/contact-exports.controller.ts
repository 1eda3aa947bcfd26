import { Body, Controller, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { exportedTypes } from '#libs/retention/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Documented } from '../http/documentation.js';
import { mailAddress, text } from '../http/text.schema.js';
import { ContactExportService } from './contact-export.service.js';

const NewContactExport = z
  .strictObject({
    email: mailAddress.describe('In the body because request addresses are logged.'),
    subject: text(200)
      .optional()
      .describe(
        "The person's id at the identity provider, to find what they wrote and which usage they read. The address is searched in any case.",
      ),
  })
  .meta({ id: 'NewContactExport', example: { email: 'ann.lee@contoso.example' } });

const ContactExport = z
  .object({
    exportedAt: z.iso.datetime(),
    items: z.array(z.looseObject({ type: z.enum(exportedTypes) }).meta({ id: 'ContactExportItem' })),
  })
  .meta({ id: 'ContactExport', description: 'Everything stored about the person; no items if there is nothing.' });

@ApiTags('contacts')
@Controller('v1/contact-exports')
export class ContactExportsController {
  constructor(private readonly exports: ContactExportService) {}

  @Post()
  @HttpCode(200)
  @Allow('contacts.export')
  @Documented({
    summary: 'Export everything stored about a person',
    description:
      'For requests under GDPR article 15. The export is recorded with its caller. Texts may name other people: review them before handing the export over.',
    answers: { 200: ContactExport },
  })
  export(@CurrentCaller() { principal }: Caller, @Body({ schema: NewContactExport }) person: z.output<typeof NewContactExport>) {
    return new StreamableFile(this.exports.open(person, principal.subject), { type: 'application/json' });
  }
}
