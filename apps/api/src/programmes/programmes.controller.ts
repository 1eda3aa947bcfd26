import { Controller, Delete, Get, Header, HttpCode, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { can, type Principal } from '#libs/auth/index.js';
import { programmeJsonSchema } from '#libs/programmes/index.js';
import { type Document, programmeType } from '#libs/publications/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { Allow, CurrentPrincipal } from '../auth/access.decorator.js';
import { jsonType, Takes, yamlType } from '../http/bodies.js';
import { ApiIfMatch, Documented } from '../http/documentation.js';
import { listOf } from '../http/listing.js';
import { IfMatch } from '../http/request-headers.js';
import { text } from '../http/text.schema.js';
import { AcceptedForm, type Form, SentDocument } from '../http/yaml.js';
import { PublicationQuery, PublicationReport, PublishedVersionList, VersionNumber } from '../publications/publication.schema.js';
import { PublicationService } from '../publications/publication.service.js';
import { ProgrammeReader } from './programme.reader.js';

export const Programme = z
  .object({
    name: z.string(),
    version: z.int().min(1).max(1_000_000),
    effectiveFrom: z.string(),
    calendar: z.string().describe('Calendar in which business days are counted.'),
    areas: z.array(z.looseObject({ code: z.string() })),
    activities: z.array(z.looseObject({ code: z.string() })),
    products: z.array(z.looseObject({ code: z.string() })),
    clocks: z.looseObject({}),
    acknowledgement: z.looseObject({ version: z.int().min(1).max(1_000_000) }),
    requestReasons: z.array(z.looseObject({ code: z.string() })),
    rejectionReasons: z.array(z.looseObject({ code: z.string() })),
  })
  .loose()
  .meta({ id: 'Programme', description: 'A version of a programme: catalogue, clocks, texts and reasons.' });

const ProgrammeSummary = Programme.pick({ name: true, version: true, effectiveFrom: true, calendar: true })
  .strip()
  .meta({ id: 'ProgrammeSummary', description: 'The version in force.' });

const JsonSchema = z.looseObject({ $schema: z.string() }).meta({ id: 'JsonSchema', description: 'A JSON Schema, 2020-12.' });

const name = text(40);

@ApiTags('programmes')
@Controller('v1/programmes')
export class ProgrammesController {
  private readonly type: ReturnType<typeof programmeType>;

  constructor(
    private readonly reader: ProgrammeReader,
    private readonly publications: PublicationService,
    @Inject(API_CONFIG) config: ApiConfig,
  ) {
    this.type = programmeType({ allowSeconds: config.mode === 'sandbox' });
  }

  @Get()
  @Allow('catalogue.read')
  @Documented({
    summary: 'List the programmes',
    description: 'Each with its version in force.',
    answers: { 200: listOf(ProgrammeSummary) },
  })
  list() {
    return this.reader.list();
  }

  @Get('schema')
  @Allow('catalogue.read')
  @Header('Content-Type', 'application/schema+json')
  @ApiProduces('application/schema+json')
  @Documented({
    summary: 'Read the JSON Schema of a programme',
    description: 'For editors and pipelines. How the parts of a document fit together only a dry run tells.',
    answers: { 200: JsonSchema },
  })
  schema() {
    return programmeJsonSchema();
  }

  @Get(':name')
  @Allow('catalogue.read')
  @Documented({
    summary: 'Read a programme',
    description: 'Its policy in force, with catalogue and reason codes.',
    answers: { 200: Programme },
  })
  get(@Param('name', { schema: name }) programme: string) {
    return this.reader.read(programme);
  }

  @Put(':name')
  @Allow('catalogue.write')
  @Takes(jsonType, yamlType)
  @ApiIfMatch({ required: false, of: 'latest version; needed once there is one, unless the document names the version it becomes' })
  @ApiBody({ schema: { $ref: '#/components/schemas/ProgrammeDocument' } })
  @Documented({
    summary: 'Publish a programme',
    description:
      'The whole programme as one document. It becomes the next version; published versions never change, and a document that is published already publishes nothing. `effectiveFrom` is later than that of every version, and not over. A dry run tells what would change, and every fault at once.',
    answers: { 200: PublicationReport, 201: PublicationReport },
  })
  publish(
    @CurrentPrincipal() { subject }: Principal,
    @Param('name', { schema: name }) programme: string,
    @Query({ schema: PublicationQuery }) { dryRun }: PublicationQuery,
    @IfMatch() seen: number | undefined,
    @SentDocument() document: Document,
  ) {
    return this.publications.publish(this.type, { name: programme, document, seen, isDryRun: dryRun === 'true', by: subject });
  }

  @Get(':name/versions')
  @Allow('catalogue.read')
  @Documented({
    summary: 'List the versions of a programme',
    description: 'Those that are past, in force and to come. The ETag is that of the latest.',
    answers: { 200: PublishedVersionList },
  })
  versions(@CurrentPrincipal() principal: Principal, @Param('name', { schema: name }) programme: string) {
    return this.publications.versions(this.type, programme, { showsPublisher: can(principal, 'catalogue.write') });
  }

  @Get(':name/versions/:version')
  @Allow('catalogue.read')
  @ApiProduces(jsonType, yamlType)
  @Documented({
    summary: 'Export a version of a programme',
    description: 'The document it was published from, which can be sent back as it is.',
    answers: { 200: Programme },
    problems: [406],
  })
  version(
    @Param('name', { schema: name }) programme: string,
    @Param('version', { schema: VersionNumber }) version: number,
    @AcceptedForm() form: Form,
  ) {
    return this.publications.version(this.type, programme, version, form);
  }
  @Delete(':name/versions/:version')
  @HttpCode(200)
  @Allow('catalogue.write')
  @Documented({
    summary: 'Take back a scheduled version of a programme',
    description:
      'While it is not in force yet. It stays listed as withdrawn, never takes effect, and its number is not given again. A version in force never changes: `version_in_force`.',
    answers: { 200: PublishedVersionList },
    problems: [409],
  })
  withdraw(
    @CurrentPrincipal() { subject }: Principal,
    @Param('name', { schema: name }) programme: string,
    @Param('version', { schema: VersionNumber }) version: number,
  ) {
    return this.publications.withdraw(this.type, programme, version, subject);
  }
}
