import { Body, Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { can, type Principal, permissions } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { Allow, CurrentPrincipal } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { listOf } from '../http/listing.js';
import { requiredText, uuid } from '../http/text.schema.js';
import { sessionIdOf } from './browser-sessions.js';
import { SessionsService } from './sessions.service.js';

const subject = requiredText(255);
const SessionsQuery = z.strictObject({
  subject: subject.optional().describe('Whose sessions; without it, your own. Another person needs the permission sessions.end.'),
});

const instant = z.iso.datetime();
const SessionItem = z
  .object({
    sessionId: z.string(),
    subject: z.string(),
    browser: z.string().describe('Browser and system, such as "Firefox on Linux".'),
    isCurrent: z.boolean().describe('Whether this request was made with it.'),
    signedInAt: instant,
    usedAt: instant.describe('Accurate to a minute.'),
    idleUntil: instant,
    endsAt: instant,
  })
  .meta({ id: 'Session' });
const SessionList = listOf(SessionItem);

const EndedSessions = z
  .object({ subject: z.string(), sessionIds: z.array(z.string()), endedBy: z.string(), endedAt: instant })
  .meta({ id: 'EndedSessions' });
const NewSessionEnd = z.strictObject({ subject }).meta({ id: 'NewSessionEnd', example: { subject: 'robin.fields' } });

/** Sessions of browsers, for the people they belong to and for operators. */
@ApiTags('sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @Allow('sessions.own')
  @Documented({
    summary: 'List the sessions of a person',
    description: 'Where you are signed in with a browser, the latest first. At most 200.',
    answers: { 200: SessionList },
  })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Query({ schema: SessionsQuery }) { subject: asked }: z.output<typeof SessionsQuery>,
  ): Promise<z.output<typeof SessionList>> {
    const whose = asked ?? principal.subject;
    if (whose !== principal.subject) demandOperator(principal);
    const current = sessionIdOf(request);
    const items = await this.sessions.list(whose);
    return { items: items.map((item) => ({ ...item, isCurrent: item.sessionId === current })), next: null };
  }

  @Delete(':sessionId')
  @Allow('sessions.own')
  @Documented({
    summary: 'End a session',
    description: 'Your own, or as an operator anybody’s; the next request with its cookie is refused.',
    answers: { 200: EndedSessions },
  })
  async end(@CurrentCaller() caller: Caller, @Param('sessionId', { schema: uuid }) sessionId: string) {
    return this.sessions.end(caller, sessionId);
  }

  @Post('ends')
  @Allow('sessions.end')
  @Documented({
    summary: 'End all sessions of a person',
    description:
      'For an account that was taken over or has left. Bearer tokens that programs hold are not affected. Who did it is recorded.',
    answers: { 201: EndedSessions },
  })
  async endAll(@CurrentCaller() caller: Caller, @Body({ schema: NewSessionEnd }) sent: z.output<typeof NewSessionEnd>) {
    return new Answer(201, await this.sessions.endAll(caller, sent.subject));
  }
}

function demandOperator(principal: Principal): void {
  if (can(principal, 'sessions.end')) return;
  throw new Problem('forbidden', {
    detail: 'Sessions of another person are shown to operators only.',
    members: { permission: 'sessions.end', allowedRoles: permissions['sessions.end'] },
  });
}
