import { Controller, Get, Header, Headers, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf, renderFileCheckPage, renderUnavailablePage } from '#libs/notices/index.js';
import { type Seal, verifySealedPdf } from '#libs/receipts/index.js';
import { SEAL } from '../api.config.js';
import { Public } from '../auth/access.decorator.js';
import { write } from '../customer-page/link-answer.js';
import { LinkLimit } from '../limits/link-limit.js';
import { multipartType, Takes } from '../http/bodies.js';
import { Language } from '../http/page-language.js';

/** A receipt of many pages takes a tenth of it. */
const maximumBytes = 1024 * 1024;

/** Tells whoever has a receipt whether this installation sealed it. The file is not kept, and the database is not asked. */
@ApiExcludeController()
@Public()
@Controller('check')
export class FileCheckController {
  constructor(
    @Inject(SEAL) private readonly seal: Seal | null,
    private readonly limit: LinkLimit,
  ) {}

  @Get()
  @Header('Vary', 'Accept-Language')
  show(
    @Query('lang', { schema: Language }) asked: string | undefined,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    write(reply, 200, renderFileCheckPage(languageOf(asked ?? accepted), null));
  }

  @Post()
  @Takes(multipartType)
  async check(
    @Query('lang', { schema: Language }) asked: string | undefined,
    @Headers('accept-language') accepted: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageOf(asked ?? accepted);
    const taken = this.limit.take(`file check from ${request.ip}`, 'attempt');
    if (!taken.isAdmitted) return write(reply.header('Retry-After', String(taken.waitSeconds)), 429, renderUnavailablePage(language));
    const file = await readFile(request);
    if (typeof file === 'string') return write(reply, file === 'too_large' ? 413 : 400, renderFileCheckPage(language, { fault: file }));
    write(reply, 200, renderFileCheckPage(language, await verifySealedPdf(file, this.seal)));
  }
}

/** Returns the file of the form. A browser sends an empty one when none was chosen. */
async function readFile(request: FastifyRequest): Promise<Buffer | 'no_file' | 'too_large'> {
  try {
    const part = await request.file({ limits: { fileSize: maximumBytes } });
    const content = await part?.toBuffer();
    return content === undefined || content.length === 0 ? 'no_file' : content;
  } catch (error) {
    return (error as { code?: string }).code === 'FST_REQ_FILE_TOO_LARGE' ? 'too_large' : 'no_file';
  }
}
