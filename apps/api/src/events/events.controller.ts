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
      'Every change of the claims in your scope, in commit order: partners see those of their locations, customers what they were told, the vendor all. Systems that calculate incentives name the types of associations. No event is skipped: one from a slow transaction appears later, never before a cursor that was already returned. Cursors survive a restore of the database; a cursor that points past the restored events is refused with 410.',
    answers: { 200: EventPage },
    problems: [410],
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: EventQuery }) query: EventQuery) {
    return this.reader.list(scope, query);
  }
}
