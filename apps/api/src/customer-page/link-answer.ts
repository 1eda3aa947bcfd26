import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { contentDisposition } from '#libs/evidence/index.js';
import { calendarType, languageOf, pageHeaders, renderUnavailablePage } from '#libs/notices/index.js';
import { type CalendarFile, unknownPage } from './customer-page.service.js';
import { LinkLimit, type LinkUse } from '../limits/link-limit.js';

/** Answers requests to a link or to its copy. */
@Injectable()
export class LinkAnswer {
  constructor(private readonly limit: LinkLimit) {}

  /** Limits the use of the link, and answers every failure alike so that none reveals whether the link exists. */
  async answer(
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

export function write(reply: FastifyReply, status: number, page: string): void {
  void reply.code(status).headers(pageHeaders).send(page);
}

/** Sends a calendar file; without one, the page of an unknown link. */
export function writeCalendar(reply: FastifyReply, language: string | undefined, file: CalendarFile | null): void {
  if (file === null) return write(reply, 404, unknownPage(language));
  const headers = { 'Content-Type': calendarType, 'Content-Disposition': contentDisposition(file.fileName) };
  void reply
    .code(200)
    .headers({ ...pageHeaders, ...headers })
    .send(file.content);
}
