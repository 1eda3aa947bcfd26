import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { CommandBodies } from '#libs/claims/index.js';
import { ClaimView } from '#libs/read-models/index.js';
import { Allow } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { refuseForeignLocation } from '../claims/location-scope.js';
import { answerWithClaim, answerWithOperation } from '../commands/command.answer.js';
import { CommandService, type ContentReader } from '../commands/command.service.js';
import { withText } from '../commands/texts.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { Operation } from '../operations/operation.view.js';
import { NewCheck, NewEnd, NewTransfer } from './association-changes.body.js';

@ApiTags('associations')
@Controller('v1/claims/:claimId')
export class AssociationChangesController {
  constructor(private readonly commands: CommandService) {}

  @Post('disassociations')
  @HttpCode(200)
  @Allow('associations.disassociate')
  @Documented({
    summary: 'End associations as the partner',
    description: 'Takes effect immediately, per line, and needs a reason. The customer receives a confirmation.',
    answers: { 200: ClaimView },
  })
  disassociate(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewEnd }) sent: NewEnd,
  ) {
    return this.end(caller, claimId, sent, 'partner_disassociated');
  }

  @Post('revocations')
  @HttpCode(200)
  @Allow('associations.revoke')
  @Documented({
    summary: 'Revoke associations',
    description: 'Done by the vendor. Takes effect immediately, per line, and needs a reason. Customer and partner are notified.',
    answers: { 200: ClaimView },
  })
  revoke(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewEnd }) sent: NewEnd,
  ) {
    return this.end(caller, claimId, sent, 'vendor_revoked');
  }

  @Post('transfers')
  @HttpCode(200)
  @Allow('associations.transfer')
  @Documented({
    summary: 'Move associations to another location',
    description:
      'Moves all live associations of the claim within one company, without new evidence: each ends and restarts at the same instant. The customer is notified. The token must cover both locations.',
    answers: { 200: ClaimView },
  })
  async transfer(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewTransfer }) sent: NewTransfer,
  ) {
    const partnerId = sent.partnerId;
    refuseForeignLocation(caller.scope, partnerId);
    const withComment = withText(sent.comment, (textId) => ({ partnerId, textId }));
    // The directory must answer for the new location.
    const body: ContentReader<'transferAssociation'> = (claim, commandId) => ({
      ...withComment(claim, commandId),
      details: { ...claim.state.details, partnerId },
    });
    return answerWithClaim(await this.commands.handle({ caller, claimId, type: 'transferAssociation', body, sent }), caller.principal);
  }

  @Post('association-checks')
  @HttpCode(200)
  @Allow('associations.check')
  @Documented({
    summary: 'Check associations now',
    description: 'Checks subscription, renewal and enrolment with the directory immediately instead of at the next scheduled check.',
    answers: { 200: Operation },
  })
  async check(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewCheck }) sent: NewCheck,
  ) {
    const body = { lines: sent.lines };
    return answerWithOperation(await this.commands.handle({ caller, claimId, type: 'checkAssociation', body, sent }), caller.principal);
  }

  private async end(caller: Caller, claimId: string, sent: NewEnd, reason: CommandBodies['endAssociation']['reason']) {
    const body = withText(sent.reason, (textId) => ({ lines: sent.lines, reason, textId }));
    return answerWithClaim(await this.commands.handle({ caller, claimId, type: 'endAssociation', body, sent }), caller.principal);
  }
}
