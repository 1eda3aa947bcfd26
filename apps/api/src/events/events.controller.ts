import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { EventPage, EventQuery, EventReader } from './event.reader.js';

@ApiTags('associations')
@Controller('v1/events')
export class EventsController {
  constructor(private readonly reader: EventReader) {}

  @Get()
  @Allow('events.read')
  @Documented({
    summary: 'Read what is handed over',
    description:
      'Begin and end of associations, for whoever evaluates incentives, in the order in which they became certain. Nothing is passed by: an event that was written by a slow transaction comes later, never before a cursor that was handed out. Cursors outlive a restore of the database; one that stands behind events which the restore took away is refused with 410.',
    answers: { 200: EventPage },
    problems: [410],
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: EventQuery }) query: EventQuery) {
    return this.reader.list(scope, query);
  }
}
