import { Body, Controller, Get, Header, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { contentDisposition } from '#libs/evidence/index.js';
import { languageOf, pageHeaders, renderUnavailablePage } from '#libs/notices/index.js';
import { Public } from '../auth/access.decorator.js';
import { formType, Takes } from '../http/bodies.js';
import { isShown, readForm } from './answer.form.js';
import { CustomerPageService, unknownPage } from './customer-page.service.js';
import { LinkLimit, type LinkUse } from './link-limit.js';

/** Anything but a single value is ignored. */
const Language = z.string().optional().catch(undefined);

/** The page behind a customer's link. GET only shows it, because mail scanners open links; POST stores an answer (domain.md 8, rule 2). */
@ApiExcludeController()
@Public()
@Controller('n/:token')
export class CustomerPageController {
  constructor(
    private readonly pages: CustomerPageService,
    private readonly limit: LinkLimit,
  ) {}

  @Get()
  @Header('Vary', 'Accept-Language')
  show(
    @Param('token') token: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer({ token, use: 'read' }, language, reply, async () => {
      const page = await this.pages.show(token, language);
      write(reply, page === null ? 404 : 200, page ?? unknownPage(language));
    });
  }

  /** Serves an evidence file if the programme shows customers the content. */
  @Get('evidence/:evidenceId')
  evidence(
    @Param('token') token: string,
    @Param('evidenceId') evidenceId: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer({ token, use: 'read' }, language, reply, async () => {
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
    return this.answer({ token, use: isShown(sent, token) ? 'answer' : 'attempt' }, language, reply, async () => {
      const acted = await this.pages.act(token, language, sent);
      if (acted.result !== 'recorded') return write(reply, acted.result === 'faulty' ? 422 : 404, acted.page);
      const query = language === undefined ? '' : `?lang=${languageOf(language)}`;
      void reply
        .code(303)
        .headers({ ...pageHeaders, Location: `/n/${token}${query}` })
        .send();
    });
  }

  /** Limits the use of the link, and answers every failure alike so that none reveals whether the link exists. */
  private async answer(
    { token, use }: { token: string; use: LinkUse },
    language: string | undefined,
    reply: FastifyReply,
    serve: () => Promise<void>,
  ): Promise<void> {
    const shown = languageOf(language ?? reply.request.headers['accept-language']);
    const taken = this.limit.take(token, use);
    if (!taken.isAdmitted) return write(reply.header('Retry-After', String(taken.waitSeconds)), 429, renderUnavailablePage(shown));
    try {
      await serve();
    } catch (error) {
      reply.request.log.error({ error: (error as Error).message }, 'A customer page could not be served');
      write(reply.header('Retry-After', '30'), 503, renderUnavailablePage(shown));
    }
  }
}

function write(reply: FastifyReply, status: number, page: string): void {
  void reply.code(status).headers(pageHeaders).send(page);
}
