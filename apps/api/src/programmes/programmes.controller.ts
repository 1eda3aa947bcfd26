import { Controller, Delete, Get, Header, HttpCode, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { can, type Principal } from '#libs/auth/index.js';
import { programmeJsonSchema } from '#libs/programmes/index.js';
import { type Document, programmeType } from '#libs/publications/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { Allow, CurrentPrincipal } from '../auth/access.decorator.js';
import { Answer } from '../http/answer.js';
import { jsonType, Takes, yamlType } from '../http/bodies.js';
import { ApiIfMatch, ApiIfNoneMatch, Documented } from '../http/documentation.js';
import { listOf } from '../http/listing.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { text } from '../http/text.schema.js';
import { AcceptedForm, type Form, SentDocument } from '../http/yaml.js';
import { PublicationQuery, PublicationReport, PublishedVersionList, VersionNumber } from '../publications/publication.schema.js';
import { PublicationService } from '../publications/publication.service.js';
import { ClaimEffectsReader } from './claim-effects.reader.js';
import { ClaimEffects } from './claim-effects.schema.js';
import { ProgrammeReader } from './programme.reader.js';

export const Programme = z
  .object({
    name: z.string(),
    version: z.int().min(1).max(1_000_000),
    effectiveFrom: z.string(),
    calendar: z.string().describe('Calendar used to count business days.'),
    areas: z.array(z.looseObject({ code: z.string() })),
    activities: z.array(z.looseObject({ code: z.string() })),
    products: z.array(z.looseObject({ code: z.string() })),
    clocks: z.looseObject({}),
    acknowledgement: z.looseObject({ version: z.int().min(1).max(1_000_000) }),
    requestReasons: z.array(z.looseObject({ code: z.string() })),
    rejectionReasons: z.array(z.looseObject({ code: z.string() })),
  })
  .loose()
  .meta({ id: 'Programme', description: 'One version of a programme: catalogue, clocks, texts and reasons.' });

const ProgrammeSummary = Programme.pick({ name: true, version: true, effectiveFrom: true, calendar: true })
  .strip()
  .meta({ id: 'ProgrammeSummary', description: 'The version in force.' });

const JsonSchema = z.looseObject({ $schema: z.string() }).meta({ id: 'JsonSchema', description: 'A JSON Schema, 2020-12.' });

const ProgrammeQuery = PublicationQuery.extend({
  claims: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether the report also counts what claims notice of the version. This reads many claims, up to a limit.'),
});
type ProgrammeQuery = z.output<typeof ProgrammeQuery>;

const ProgrammePublicationReport = PublicationReport.extend({
  claims: ClaimEffects.nullable()
    .optional()
    .describe('Only with `claims=true`, for a version that is published or could be; null if none was in force before.'),
}).meta({ id: 'ProgrammePublicationReport', description: 'What a publication changed, or would change.' });

const name = text(40);

@ApiTags('programmes')
@Controller('v1/programmes')
export class ProgrammesController {
  private readonly type: ReturnType<typeof programmeType>;

  constructor(
    private readonly reader: ProgrammeReader,
    private readonly publications: PublicationService,
    private readonly effects: ClaimEffectsReader,
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
    description: 'For editors and pipelines. The schema does not check that the parts of a document are consistent; a dry run does.',
    answers: { 200: JsonSchema },
  })
  schema() {
    return programmeJsonSchema();
  }

  @Get(':name')
  @Allow('catalogue.read')
  @Documented({
    summary: 'Read a programme',
    description: 'The policy in force, with catalogue and reason codes.',
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
      'The whole programme in one document, which becomes the next version. Published versions never change, and publishing an identical document has no effect. `effectiveFrom` must be later than that of every other version and must not be in the past. A dry run reports what would change, and every error at once. With `claims=true`, the report says what claims notice of the version.',
    answers: { 200: ProgrammePublicationReport, 201: ProgrammePublicationReport },
  })
  async publish(
    @CurrentPrincipal() { subject }: Principal,
    @Param('name', { schema: name }) programme: string,
    @Query({ schema: ProgrammeQuery }) { dryRun, claims }: ProgrammeQuery,
    @IfMatch() seen: ExpectedVersion | undefined,
    @SentDocument() document: Document,
  ) {
    const sent = { name: programme, document, seen, by: subject };
    const isDryRun = dryRun === 'true';
    if (claims === 'false') return this.publications.publish(this.type, { ...sent, isDryRun });
    // Counted before it is published: a version that takes effect at once would be compared with itself.
    const trial = await this.publications.publish(this.type, { ...sent, isDryRun: true });
    const effects = trial.body.result === 'would_publish' ? await this.effectsOf(programme, document, trial.body.version) : undefined;
    const { status, body, headers } = isDryRun ? trial : await this.publications.publish(this.type, { ...sent, isDryRun });
    return new Answer(status, effects === undefined ? body : { ...body, claims: effects }, headers);
  }

  @Get(':name/versions')
  @ApiIfNoneMatch()
  @Allow('catalogue.read')
  @Documented({
    summary: 'List the versions of a programme',
    description: 'Past, current and scheduled versions. The version in the ETag is that of the latest.',
    answers: { 200: PublishedVersionList },
  })
  versions(@CurrentPrincipal() principal: Principal, @Param('name', { schema: name }) programme: string) {
    return this.publications.versions(this.type, programme, { showsPublisher: can(principal, 'catalogue.write') });
  }

  @Get(':name/versions/:version')
  @ApiIfNoneMatch()
  @Allow('catalogue.read')
  @ApiProduces(jsonType, yamlType)
  @Documented({
    summary: 'Export a version of a programme',
    description: 'The document that was published. It can be sent back unchanged.',
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
    summary: 'Withdraw a scheduled version of a programme',
    description:
      'Refused with `version_in_force` once the version is in force or a claim refers to it. A withdrawn version stays listed, never takes effect, and its number is not reused.',
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

  private async effectsOf(name: string, document: Document, version: number) {
    const parsed = this.type.parse({ ...document, name, version });
    return parsed.ok ? this.effects.read(parsed.body) : undefined;
  }
}
