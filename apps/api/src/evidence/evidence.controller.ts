import { Controller, Get, Param, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '#libs/auth/index.js';
import { contentDisposition, evidenceMediaTypes } from '#libs/evidence/index.js';
import { Problem } from '#libs/problems/index.js';
import { EvidenceView, evidenceViews } from '#libs/read-models/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { answer } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { Answer } from '../http/answer.js';
import { multipartType, Takes } from '../http/bodies.js';
import { Documented, problemAnswer } from '../http/documentation.js';
import { listOf } from '../http/listing.js';
import { entityTag } from '../http/entity-tag.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { uuid } from '../http/text.schema.js';
import { EvidenceService } from './evidence.service.js';
import { readUpload, uploadForm } from './evidence.upload.js';
import { UploadService } from './upload.service.js';

const EvidenceList = listOf(EvidenceView);
const fileTypes = Object.values(evidenceMediaTypes);

@ApiTags('evidence')
@Controller('v1/claims/:claimId/evidence')
export class EvidenceController {
  constructor(
    private readonly commands: CommandService,
    private readonly evidence: EvidenceService,
    private readonly uploads: UploadService,
  ) {}

  @Post()
  @Allow('evidence.add')
  @Takes(multipartType)
  @ApiBody({ schema: uploadForm })
  @Documented({
    summary: 'Upload evidence',
    description: 'The file type is detected from the content. Submitted evidence is never deleted, only superseded.',
    answers: { 201: EvidenceView },
    problems: [503],
  })
  async upload(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Req() request: FastifyRequest,
  ) {
    const { settlement, evidenceId } = await this.uploads.add(caller, claimId, await readUpload(request));
    const location = `/v1/claims/${claimId}/evidence/${evidenceId}/content`;
    return answer(settlement, caller.principal, (claim) => {
      const added = evidenceViews(claim).find((file) => file.evidenceId === evidenceId);
      return new Answer(201, added, { Location: location, ETag: entityTag(claim.version) });
    });
  }

  @Get()
  @Allow('evidence.read')
  @Documented({
    summary: "List a claim's evidence",
    description: 'In order of upload, superseded files included.',
    answers: { 200: EvidenceList },
  })
  async list(@CurrentScope() scope: Scope, @Param('claimId', { schema: claimReference }) claimId: string) {
    return { items: evidenceViews(await this.commands.find(scope, claimId)), next: null };
  }

  @Get(':evidenceId/content')
  @Allow('evidence.read')
  @ApiOperation({ summary: 'Download evidence', description: 'Always served as an attachment.' })
  @ApiProduces(...fileTypes)
  @ApiResponse({
    status: 200,
    description: 'The file.',
    content: Object.fromEntries(fileTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
  })
  @ApiResponse({ status: 409, ...problemAnswer(409) })
  @ApiResponse({ status: 410, ...problemAnswer(410) })
  async content(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('evidenceId', { schema: uuid }) evidenceId: string,
  ) {
    await this.commands.find(scope, claimId);
    const opened = await this.evidence.open(claimId, evidenceId);
    if (opened === null) throw new Problem('not_found');
    const file = new StreamableFile(opened.content, {
      type: opened.mediaType,
      disposition: contentDisposition(opened.fileName),
      length: opened.sizeBytes,
    });
    return new Answer(200, file, { 'Content-Security-Policy': 'sandbox' });
  }
}
