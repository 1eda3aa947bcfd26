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
    summary: 'Read the event feed',
    description:
      'Starts and ends of associations for systems that evaluate incentives, in commit order. No event is skipped: one written by a slow transaction appears later, never before a cursor already returned. Cursors survive a restore of the database; a cursor that is past the restored events is refused with 410.',
    answers: { 200: EventPage },
    problems: [410],
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: EventQuery }) query: EventQuery) {
    return this.reader.list(scope, query);
  }
}
