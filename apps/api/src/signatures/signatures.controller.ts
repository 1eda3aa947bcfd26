import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { pageHeaders } from '#libs/notices/index.js';
import { Problem } from '#libs/problems/index.js';
import { ClaimView } from '#libs/read-models/index.js';
import { renderReceipt } from '#libs/signatures/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answer, answerWithClaim } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { Answer } from '../http/answer.js';
import { ApiIfMatch, Documented, problemAnswer } from '../http/documentation.js';
import { listOf } from '../http/listing.js';
import { entityTag } from '../http/entity-tag.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { uuid } from '../http/text.schema.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { ReceiptFiles, receiptFile, receiptType } from './receipt-files.service.js';
import { NewSignatureRequest, signatureView, SignatureView } from './signature.view.js';
import { SignaturesService } from './signatures.service.js';

const SignatureList = listOf(SignatureView);

@ApiTags('evidence')
@Controller('v1/claims/:claimId/signatures')
export class SignaturesController {
  constructor(
    private readonly commands: CommandService,
    private readonly signatures: SignaturesService,
    private readonly files: ReceiptFiles,
  ) {}

  @Post()
  @Allow('evidence.add')
  @ApiIfMatch({ required: false })
  @Documented({
    summary: "Ask the customer to sign the programme's statement of work",
    description:
      "cpor makes the text from the programme's template and mails the signatory a link. A signed statement counts as evidence with the date of the signature; nothing is uploaded. A claim has at most one open request.",
    answers: { 201: SignatureView },
    problems: [503],
  })
  async request(
    @CurrentCaller() caller: Caller,
    @IfMatch() ifMatch: ExpectedVersion | undefined,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Body({ schema: NewSignatureRequest }) sent: z.output<typeof NewSignatureRequest>,
  ) {
    const settlement = await this.signatures.request(caller, claimId, sent, ifMatch);
    const latest = settlement.claim === null ? undefined : (await this.signatures.list(caller.scope, claimId)).at(-1);
    return answer(settlement, caller.principal, (claim) => {
      if (latest === undefined) throw new Problem('not_found');
      const location = `/v1/claims/${claimId}/signatures/${latest.record.signature.signatureId}`;
      return new Answer(201, signatureView(latest.record, latest.mail), { Location: location, ETag: entityTag(claim.version) });
    });
  }

  @Get()
  @Allow('evidence.read')
  @Documented({
    summary: 'List the requests to sign',
    description: 'Oldest first, closed ones included.',
    answers: { 200: SignatureList },
  })
  async list(@CurrentScope() scope: Scope, @Param('claimId', { schema: claimReference }) claimId: string) {
    const found = await this.signatures.list(scope, claimId);
    return { items: found.map(({ record, mail }) => signatureView(record, mail)), next: null };
  }

  @Get(':signatureId')
  @Allow('evidence.read')
  @Documented({
    summary: 'Read a request to sign',
    description: 'With the text, and with who signed it.',
    answers: { 200: SignatureView },
  })
  async read(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('signatureId', { schema: uuid }) signatureId: string,
  ) {
    const found = (await this.signatures.list(scope, claimId)).find(({ record }) => record.signature.signatureId === signatureId);
    if (found === undefined) throw new Problem('not_found');
    return signatureView(found.record, found.mail);
  }

  @Delete(':signatureId')
  @HttpCode(200)
  @Allow('evidence.add')
  @Documented({
    summary: 'Cancel an open request to sign',
    description: 'The link then says so, and the addressee gets a mail. A signed statement cannot be taken back.',
    answers: { 200: ClaimView },
  })
  async cancel(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('signatureId', { schema: uuid }) signatureId: string,
  ) {
    const request = { caller, claimId, type: 'cancelSignatureRequest' as const, body: { signatureId }, sent: { signatureId } };
    return answerWithClaim(await this.commands.handle(request), caller.principal);
  }

  @Get(':signatureId/receipt')
  @Allow('evidence.read')
  @ApiOperation({
    summary: 'Read the receipt of a signed statement',
    description:
      'A page to print, in the language of the statement: the text, who signed it, how the person was identified, and what happened.',
  })
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The page.', content: { 'text/html': { schema: { type: 'string' } } } })
  async receipt(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('signatureId', { schema: uuid }) signatureId: string,
  ) {
    const { content, vendor } = await this.signatures.receipt(scope, claimId, signatureId);
    return new Answer(200, renderReceipt(content, { banner: vendor, fileAt: null }), { ...pageHeaders });
  }

  @Get(':signatureId/receipt.pdf')
  @Allow('evidence.read')
  @ApiOperation({
    summary: 'Download the sealed receipt of a signed statement',
    description: "The receipt as PDF with the installation's seal, which PDF readers, `cpor verify --file` and the page `/check` check.",
  })
  @ApiProduces(receiptType)
  @ApiResponse({ status: 200, description: 'The file.', content: { [receiptType]: { schema: { type: 'string', format: 'binary' } } } })
  @ApiResponse({ status: 409, ...problemAnswer(409) })
  async receiptFile(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('signatureId', { schema: uuid }) signatureId: string,
  ) {
    const { content } = await this.signatures.receipt(scope, claimId, signatureId);
    return new Answer(200, receiptFile(await this.files.print(content)), { 'Content-Security-Policy': 'sandbox' });
  }
}
