import { Controller, Get, Header, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { languageOf, pageHeaders, publicPageHeaders, renderExplanationPage, renderProgrammeList } from '#libs/notices/index.js';
import { Public } from '../auth/access.decorator.js';
import { Language } from '../http/page-language.js';
import { ExplanationReader } from './explanation.reader.js';

/** Explains to customers what a partner of record is, from the programme in force. It reads nothing of a claim, so anyone may read it. */
@ApiExcludeController()
@Public()
@Controller('partner-of-record')
export class ExplanationController {
  constructor(private readonly reader: ExplanationReader) {}

  @Get()
  @Header('Vary', 'Accept-Language')
  async list(
    @Query('lang', { schema: Language }) asked: string | undefined,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = renderProgrammeList(languageOf(asked ?? accepted), await this.reader.list());
    void reply.code(200).headers(publicPageHeaders).send(page);
  }

  @Get(':programme')
  @Header('Vary', 'Accept-Language')
  async show(
    @Param('programme') programme: string,
    @Query('lang', { schema: Language }) asked: string | undefined,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageOf(asked ?? accepted);
    const view = await this.reader.read(programme);
    if (view !== null)
      return void reply
        .code(200)
        .headers(publicPageHeaders)
        .send(renderExplanationPage({ ...view, language }));
    const page = renderProgrammeList(language, await this.reader.list(), true);
    void reply.code(404).headers(pageHeaders).send(page);
  }
}
