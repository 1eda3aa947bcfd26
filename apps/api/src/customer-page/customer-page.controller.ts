import { Body, Controller, Get, Header, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { contentDisposition } from '#libs/evidence/index.js';
import { languageOf, pageHeaders } from '#libs/notices/index.js';
import { Public } from '../auth/access.decorator.js';
import { formType, Takes } from '../http/bodies.js';
import { isShown, readForm } from './answer.form.js';
import { CustomerPageService, unknownPage } from './customer-page.service.js';
import { LinkAnswer, write, writeCalendar } from './link-answer.js';
import { Language } from '../http/page-language.js';

/** The page behind a customer's link. GET only shows it, because mail scanners open links; POST stores an answer (domain.md 8, rule 2). */
@ApiExcludeController()
@Public()
@Controller('n/:token')
export class CustomerPageController {
  constructor(
    private readonly pages: CustomerPageService,
    private readonly link: LinkAnswer,
  ) {}

  @Get()
  @Header('Vary', 'Accept-Language')
  show(
    @Param('token') token: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.link.answer({ token, use: 'read' }, language, reply, async () => {
      const page = await this.pages.show(token, language);
      write(reply, page === null ? 404 : 200, page ?? unknownPage(language));
    });
  }

  /** Serves the deadline as a calendar file. */
  @Get('deadline.ics')
  deadline(
    @Param('token') token: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.link.answer({ token, use: 'read' }, language, reply, async () =>
      writeCalendar(reply, language, await this.pages.deadlines({ token }, language)),
    );
  }

  /** Serves an evidence file if the programme shows customers the content. */
  @Get('evidence/:evidenceId')
  evidence(
    @Param('token') token: string,
    @Param('evidenceId') evidenceId: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.link.answer({ token, use: 'read' }, language, reply, async () => {
      const file = await this.pages.evidence(token, evidenceId);
      if (file === null) return write(reply, 404, unknownPage(language));
      const headers = {
        'Content-Type': file.mediaType,
        'Content-Length': file.sizeBytes,
        'Content-Disposition': contentDisposition(file.fileName),
      };
      void reply
        .code(200)
        .headers({ ...pageHeaders, ...headers })
        .send(file.content);
    });
  }

  @Post()
  @Takes(formType)
  act(
    @Param('token') token: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Body() form: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sent = readForm(form);
    return this.link.answer({ token, use: isShown(sent, token) ? 'answer' : 'attempt' }, language, reply, async () => {
      const acted = await this.pages.act(token, language, sent);
      if (acted.result !== 'recorded') return write(reply, acted.result === 'faulty' ? 422 : 404, acted.page);
      const query = language === undefined ? '' : `?lang=${languageOf(language)}`;
      void reply
        .code(303)
        .headers({ ...pageHeaders, Location: `/n/${token}${query}` })
        .send();
    });
  }
}
