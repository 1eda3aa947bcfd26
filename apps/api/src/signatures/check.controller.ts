import { Controller, Get, Header, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { languageOf } from '#libs/notices/index.js';
import { renderCheckPage } from '#libs/signatures/index.js';
import { Public } from '../auth/access.decorator.js';
import { LinkAnswer, write } from '../customer-page/link-answer.js';
import { Language } from '../http/page-language.js';
import { SignaturesService } from './signatures.service.js';

/** Tells whoever has a receipt whether it is genuine, and nothing else. */
@ApiExcludeController()
@Public()
@Controller('check/:signatureId/:recordSha256')
export class CheckController {
  constructor(
    private readonly signatures: SignaturesService,
    private readonly link: LinkAnswer,
  ) {}

  @Get()
  @Header('Vary', 'Accept-Language')
  show(
    @Param('signatureId') signatureId: string,
    @Param('recordSha256') recordSha256: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.link.answer({ token: `${signatureId}/${recordSha256}`, use: 'read' }, language, reply, async () => {
      const isWellFormed = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(signatureId) && /^[0-9a-f]{64}$/.test(recordSha256);
      const found = isWellFormed ? await this.signatures.check(signatureId, recordSha256) : null;
      write(reply, found === null ? 404 : 200, renderCheckPage(languageOf(language ?? accepted), found));
    });
  }
}
