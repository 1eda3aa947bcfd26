import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorator.js';
import { CustomerPageService, unknownPage } from './customer-page.service.js';
import { LinkAnswer, write, writeCalendar } from './link-answer.js';
import { Language } from '../http/page-language.js';

/** The copy of a notice for reading and printing. Its code is no link: no address takes an answer with it (ADR 30). */
@ApiExcludeController()
@Public()
@Controller('n/copy/:code')
export class NoticeCopyController {
  constructor(
    private readonly pages: CustomerPageService,
    private readonly link: LinkAnswer,
  ) {}

  @Get()
  @Header('Vary', 'Accept-Language')
  show(
    @Param('code') code: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.link.answer({ token: code, use: 'read' }, language, reply, async () => {
      const page = await this.pages.showCopy(code, language);
      write(reply, page === null ? 404 : 200, page ?? unknownPage(language));
    });
  }

  @Get('deadline.ics')
  deadline(
    @Param('code') code: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.link.answer({ token: code, use: 'read' }, language, reply, async () =>
      writeCalendar(reply, language, await this.pages.deadlines({ copy: code }, language)),
    );
  }
}
