import { Body, Controller, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { exportedTypes } from '#libs/retention/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Documented } from '../http/documentation.js';
import { mailAddress, text } from '../http/text.schema.js';
import { Limited } from '../limits/limited.decorator.js';
import { ContactExportService } from './contact-export.service.js';

const NewContactExport = z
  .strictObject({
    email: mailAddress.describe('In the body, because request URLs are logged.'),
    subject: text(200)
      .optional()
      .describe(
        "The person's subject at the identity provider, to find what the person wrote and read. The email address is always searched too.",
      ),
  })
  .meta({ id: 'NewContactExport', example: { email: 'ann.lee@contoso.example' } });

const ContactExport = z
  .object({
    exportedAt: z.iso.datetime(),
    items: z.array(z.looseObject({ type: z.enum(exportedTypes) }).meta({ id: 'ContactExportItem' })),
  })
  .meta({ id: 'ContactExport', description: 'Everything stored about the person; an empty list if there is nothing.' });

@ApiTags('contacts')
@Controller('v1/contact-exports')
export class ContactExportsController {
  constructor(private readonly exports: ContactExportService) {}

  @Post()
  @Limited('bulk')
  @HttpCode(200)
  @Allow('contacts.export')
  @Documented({
    summary: 'Export everything stored about a person',
    description:
      'For requests under GDPR Article 15. The caller is recorded. Texts may name other people: check them before you hand the export over.',
    answers: { 200: ContactExport },
  })
  export(@CurrentCaller() { principal }: Caller, @Body({ schema: NewContactExport }) person: z.output<typeof NewContactExport>) {
    return new StreamableFile(this.exports.open(person, principal.subject), { type: 'application/json' });
  }
}
