import { Controller, Get, Header, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { languageOf, pageHeaders, renderStartPage } from '#libs/notices/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { Public } from '../auth/access.decorator.js';
import { Language } from '../http/page-language.js';
import { prefersPage } from './prefers-page.js';
import { readSandboxPlaces } from './sandbox-places.js';

/** Where people and programs find everything else. */
@ApiExcludeController()
@Public()
@Controller()
export class StartController {
  constructor(@Inject(API_CONFIG) private readonly config: ApiConfig) {}

  /** A page for who asks for one, as browsers do; a JSON index for everyone else. */
  @Get()
  @Header('Vary', 'Accept, Accept-Language')
  async start(
    @Query('lang', { schema: Language }) asked: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!prefersPage(accept)) return void reply.code(200).send(this.index());
    const { mode, dataDirectory } = this.config;
    const sandbox = mode === 'sandbox' ? await readSandboxPlaces(dataDirectory) : null;
    const page = renderStartPage(languageOf(asked ?? accepted), { ...paths, sandbox });
    void reply.code(200).headers(pageHeaders).send(page);
  }

  private index(): Record<string, string> {
    const { publicUrl } = this.config.api;
    const places = Object.entries(paths).map(([name, path]) => [name, `${publicUrl}${path}`] as const);
    return { name: 'cpor', ...Object.fromEntries(places) };
  }
}

const paths = {
  console: '/console/',
  explanation: '/partner-of-record',
  docs: '/docs',
  openapi: '/openapi.json',
  health: '/readyz',
};
