import { Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { can, type Principal } from '#libs/auth/index.js';
import { calendarType, type Document } from '#libs/publications/index.js';
import { Allow, CurrentPrincipal } from '../auth/access.decorator.js';
import { jsonType, Takes, yamlType } from '../http/bodies.js';
import { ApiIfMatch, ApiIfNoneMatch, Documented } from '../http/documentation.js';
import { listOf } from '../http/listing.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { text } from '../http/text.schema.js';
import { AcceptedForm, type Form, SentDocument } from '../http/yaml.js';
import { PublicationQuery, PublicationReport, PublishedVersionList, VersionNumber } from '../publications/publication.schema.js';
import { PublicationService } from '../publications/publication.service.js';
import { CalendarReader } from './calendar.reader.js';

const fields = {
  name: z.string().meta({ example: 'ru' }),
  version: z.int().min(1).max(100_000),
  effectiveFrom: z.iso
    .date()
    .describe('Date, at 00:00 UTC, from which deadlines are computed with this version. Recorded deadlines never move.'),
  zone: z.string().describe('IANA time zone.').meta({ example: 'Europe/Moscow' }),
  weekend: z.array(z.int().min(1).max(7)).describe('ISO weekdays, 1 for Monday.'),
  holidays: z.array(z.object({ on: z.iso.date(), name: z.string() })),
  workingDays: z
    .array(z.object({ on: z.iso.date(), name: z.string() }))
    .optional()
    .describe('Weekend days that are official working days, usually in exchange for a day off.'),
  coversFrom: z.iso.date(),
  coversThrough: z.iso.date(),
  source: z.string().describe('Source of the holidays.'),
};

const Calendar = z.object(fields).meta({ id: 'Calendar' });
const CalendarList = listOf(Calendar);

/** A calendar as published: the path gives the name, and the next version number is assigned. */
export const CalendarDocument = z.object({ ...fields, name: fields.name.optional(), version: fields.version.optional() }).meta({
  id: 'CalendarDocument',
  example: {
    effectiveFrom: '2027-01-01',
    zone: 'Europe/Berlin',
    weekend: [6, 7],
    holidays: [{ on: '2027-01-01', name: "New Year's Day" }],
    coversFrom: '2027-01-01',
    coversThrough: '2027-12-31',
    source: 'https://www.example.org/holidays/2027',
  },
});

const name = text(40);

@ApiTags('calendars')
@Controller('v1/calendars')
export class CalendarsController {
  constructor(
    private readonly reader: CalendarReader,
    private readonly publications: PublicationService,
  ) {}

  @Get()
  @Allow('calendars.read')
  @Documented({
    summary: 'List the calendars',
    description: 'All versions of each calendar, newest first.',
    answers: { 200: CalendarList },
  })
  list() {
    return this.reader.list();
  }

  @Put(':name')
  @Allow('calendars.write')
  @Takes(jsonType, yamlType)
  @ApiIfMatch({ required: false, of: 'latest version; needed once there is one, unless the document names the version it becomes' })
  @ApiBody({ schema: { $ref: '#/components/schemas/CalendarDocument' } })
  @Documented({
    summary: 'Publish a calendar',
    description:
      'The document becomes the next version. Published versions never change, and recorded deadlines keep the version they were computed with. `effectiveFrom` must be later than that of every other version and must not be in the past. A dry run reports what would change, and every error at once.',
    answers: { 200: PublicationReport, 201: PublicationReport },
  })
  publish(
    @CurrentPrincipal() { subject }: Principal,
    @Param('name', { schema: name }) calendar: string,
    @Query({ schema: PublicationQuery }) { dryRun }: PublicationQuery,
    @IfMatch() seen: ExpectedVersion | undefined,
    @SentDocument() document: Document,
  ) {
    return this.publications.publish(calendarType, { name: calendar, document, seen, isDryRun: dryRun === 'true', by: subject });
  }

  @Get(':name/versions')
  @ApiIfNoneMatch()
  @Allow('calendars.read')
  @Documented({
    summary: 'List the versions of a calendar',
    description: 'Past, current and scheduled versions. The version in the ETag is that of the latest.',
    answers: { 200: PublishedVersionList },
  })
  versions(@CurrentPrincipal() principal: Principal, @Param('name', { schema: name }) calendar: string) {
    return this.publications.versions(calendarType, calendar, { showsPublisher: can(principal, 'calendars.write') });
  }

  @Get(':name/versions/:version')
  @ApiIfNoneMatch()
  @Allow('calendars.read')
  @ApiProduces(jsonType, yamlType)
  @Documented({
    summary: 'Export a version of a calendar',
    description: 'The document that was published. It can be sent back unchanged.',
    answers: { 200: Calendar },
    problems: [406],
  })
  version(
    @Param('name', { schema: name }) calendar: string,
    @Param('version', { schema: VersionNumber }) version: number,
    @AcceptedForm() form: Form,
  ) {
    return this.publications.version(calendarType, calendar, version, form);
  }
}
