import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { languageOf, pageHeaders } from '#libs/notices/index.js';
import { Problem } from '#libs/problems/index.js';
import { type OpenedSnapshot, renderSnapshotPage } from '#libs/snapshots/index.js';
import { Public } from '../auth/access.decorator.js';
import { unknownPage } from '../customer-page/customer-page.service.js';
import { LinkAnswer, write } from '../customer-page/link-answer.js';
import { Language } from '../http/page-language.js';
import { answerProblem } from '../http/problem.filter.js';
import { prefersJson } from '../public-pages/prefers-page.js';
import { SnapshotsService } from './snapshots.service.js';

/** What the link of a snapshot shows, as a page or as JSON. Every answer with content is an opening, whoever asks: a person, or a mail scanner. */
@ApiExcludeController()
@Public()
@Controller('v/:token')
export class SnapshotPageController {
  constructor(
    private readonly snapshots: SnapshotsService,
    private readonly link: LinkAnswer,
  ) {}

  @Get()
  show(
    @Param('token') token: string,
    @Query('lang', { schema: Language }) asked: string | undefined,
    @Headers('accept-language') accepted: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    void reply.header('Vary', 'Accept, Accept-Language');
    const language = asked ?? accepted;
    return this.link.answer({ token, use: 'read' }, language, reply, async () => {
      const opened = await this.snapshots.open(token);
      if (prefersJson(accept)) return writeJson(reply, opened);
      write(reply, opened === null ? 404 : 200, opened === null ? unknownPage(language) : renderSnapshotPage(opened, languageOf(language)));
    });
  }
}

function writeJson(reply: FastifyReply, opened: OpenedSnapshot | null): void {
  void reply.headers(pageHeaders);
  if (opened === null) return answerProblem(new Problem('not_found'), reply.request, reply);
  void reply.code(200).type('application/json; charset=utf-8').send(JSON.stringify(opened));
}
