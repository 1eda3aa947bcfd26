import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import type { Principal, Scope } from '#libs/auth/index.js';
import { Allow, CurrentPrincipal, CurrentScope } from '../auth/access.decorator.js';
import { Answer } from '../http/answer.js';
import { ApiIfMatch, Documented } from '../http/documentation.js';
import { entityTag } from '../http/entity-tag.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { Member, MemberList, MemberQuery, memberView, NewAssignment, RoleChangeList, RoleChangeQuery, subject } from './member.view.js';
import { MembersService } from './members.service.js';

@ApiTags('members')
@Controller('v1/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @Allow('accounts.assign')
  @Documented({
    summary: 'List the people with assigned roles',
    description: 'By subject. Roles that come with the tokens of your identity provider are not known here and not listed.',
    answers: { 200: MemberList },
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: MemberQuery }) query: z.output<typeof MemberQuery>) {
    return this.members.list(scope, query);
  }

  @Get('changes')
  @Allow('accounts.assign')
  @Documented({
    summary: 'List the changes of assigned roles',
    description: 'Who changed what, newest first. Entries are never changed or deleted.',
    answers: { 200: RoleChangeList },
  })
  changes(@CurrentScope() scope: Scope, @Query({ schema: RoleChangeQuery }) query: z.output<typeof RoleChangeQuery>) {
    return this.members.changes(scope, query);
  }

  @Put(':subject')
  @Allow('accounts.assign')
  @ApiIfMatch({ required: false, of: 'assignment that is to be replaced' })
  @Documented({
    summary: 'Assign roles to a person',
    description:
      'Replaces what was assigned before, from the next request on. The roles add to those of the person’s token. They count only with a token that names your company or none, and never with one of the vendor’s or a customer’s staff.',
    answers: { 200: Member, 201: Member },
    problems: [409],
  })
  async assign(
    @CurrentPrincipal() principal: Principal,
    @CurrentScope() scope: Scope,
    @Param('subject', { schema: subject }) person: string,
    @IfMatch() basedOn: ExpectedVersion | undefined,
    @Body({ schema: NewAssignment }) sent: z.output<typeof NewAssignment>,
  ) {
    const { member, isNew } = await this.members.assign({ principal, scope }, person, sent, basedOn);
    return new Answer(isNew ? 201 : 200, memberView(member), { ETag: entityTag(member.version) });
  }

  @Delete(':subject')
  @HttpCode(204)
  @ApiResponse({ status: 204, description: 'Done.' })
  @Allow('accounts.assign')
  @ApiIfMatch({ required: true, of: 'assignment' })
  @Documented({
    summary: 'Take all assigned roles away',
    description: 'From the next request on. Roles of the person’s token stay.',
    answers: {},
    problems: [409],
  })
  async remove(
    @CurrentPrincipal() principal: Principal,
    @CurrentScope() scope: Scope,
    @Param('subject', { schema: subject }) person: string,
    @IfMatch('required') basedOn: ExpectedVersion,
  ): Promise<void> {
    await this.members.remove({ principal, scope }, person, basedOn);
  }
}
