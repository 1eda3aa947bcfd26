import { Body, Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf, pageHeaders } from '#libs/notices/index.js';
import { Public } from '../auth/access.decorator.js';
import { isShown } from '../customer-page/answer.form.js';
import { unknownPage } from '../customer-page/customer-page.service.js';
import { LinkAnswer, write } from '../customer-page/link-answer.js';
import { formType, Takes } from '../http/bodies.js';
import { Language } from '../http/page-language.js';
import { receiptDisposition, receiptType } from './receipt-files.service.js';
import { readSignForm } from './sign.form.js';
import { SignPageService } from './sign-page.service.js';

/** The page behind a link to sign. GET only shows it, because mail scanners open links; POST acts. */
@ApiExcludeController()
@Public()
@Controller('s/:token')
export class SignPageController {
  constructor(
    private readonly pages: SignPageService,
    private readonly link: LinkAnswer,
  ) {}

  @Get()
  show(
    @Param('token') token: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.link.answer({ token, use: 'read' }, language, reply, async () => {
      const page = await this.pages.show(token, asked(language));
      write(reply, page === null ? 404 : 200, page ?? unknownPage(language));
    });
  }

  @Get('receipt.pdf')
  file(
    @Param('token') token: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.link.answer({ token, use: 'read' }, language, reply, async () => {
      const receipt = await this.pages.receipt(token);
      if (receipt === null) return write(reply, 404, unknownPage(language));
      void reply
        .code(200)
        .headers({ ...pageHeaders, 'Content-Type': receiptType, 'Content-Disposition': receiptDisposition })
        .send(Buffer.from(receipt));
    });
  }

  @Post()
  @Header('Vary', 'Accept-Language')
  @Takes(formType)
  act(
    @Param('token') token: string,
    @Query('lang', { schema: Language }) language: string | undefined,
    @Body() form: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sent = readSignForm(form);
    return this.link.answer({ token, use: isShown(sent, token) ? 'answer' : 'attempt' }, language, reply, async () => {
      const visit = { address: request.ip, browser: String(request.headers['user-agent'] ?? '').slice(0, 500) };
      const acted = await this.pages.act(token, asked(language), sent, visit);
      if (acted.result === 'unknown') return write(reply, 404, unknownPage(language));
      if (acted.result === 'shown') return write(reply, acted.status, acted.page);
      const query = language === undefined ? '' : `?lang=${languageOf(language)}`;
      void reply
        .code(303)
        .headers({ ...pageHeaders, Location: `/s/${token}${query}` })
        .send();
    });
  }
}

const asked = (language: string | undefined) => (language === undefined ? undefined : languageOf(language));
