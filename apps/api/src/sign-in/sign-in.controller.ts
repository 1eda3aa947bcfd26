import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { languageOf, pageHeaders } from '#libs/notices/index.js';
import { Problem } from '#libs/problems/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { Public } from '../auth/access.decorator.js';
import { sessionCookieWith, sessionTokenOf, signInCookieWith, signInTokenOf } from './cookies.js';
import { pageStatus, renderProblemPage } from './problem.page.js';
import { safeReturnTo } from './return-to.js';
import { isSignInFailure } from './sign-in-failure.js';
import { type Onward, SignInService } from './sign-in.service.js';

/** Anything but a single value is ignored. */
const OneText = z.string().max(2_000).optional().catch(undefined);
const Prompt = z.enum(['login', 'select_account', 'consent', 'none']).optional().catch(undefined);

/** The addresses that a browser visits to sign in. None of them shows anything but its outcome. */
@ApiExcludeController()
@Public()
@Controller('sign-in')
export class SignInController {
  constructor(
    private readonly signIns: SignInService,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  /** Sends the browser to the issuer, which sends it back to the callback. */
  @Get()
  async begin(
    @Query('returnTo', { schema: OneText }) returnTo: string | undefined,
    @Query('prompt', { schema: Prompt }) prompt: z.output<typeof Prompt>,
    @Query('loginHint', { schema: OneText }) loginHint: string | undefined,
    @Query('lang', { schema: OneText }) language: string | undefined,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const shown = languageOf(language ?? headers['accept-language']);
    const onward = await this.signIns.begin({ returnTo, prompt, loginHint, language: shown, browser: signInTokenOf(headers) });
    redirect(reply, onward, signInCookieWith);
  }

  @Get('callback')
  async finish(
    @Query('state', { schema: OneText }) state: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { headers, url } = request;
    const onward = await this.signIns.finish({
      query: url.includes('?') ? url.slice(url.indexOf('?')) : '',
      state,
      browser: signInTokenOf(headers),
      earlierToken: sessionTokenOf(headers),
      userAgent: headers['user-agent'],
    });
    redirect(reply, onward, sessionCookieWith);
  }

  /** A page of its own, so that reloading it or changing its language repeats nothing. */
  @Get('problems/:code')
  @Header('Vary', 'Accept-Language')
  explain(
    @Param('code') code: string,
    @Query('returnTo', { schema: OneText }) returnTo: string | undefined,
    @Query('lang', { schema: OneText }) language: string | undefined,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    if (!isSignInFailure(code)) throw new Problem('not_found');
    const shown = languageOf(language ?? headers['accept-language']);
    const text = renderProblemPage(shown, code, safeReturnTo(returnTo, this.config.api.publicUrl));
    void reply.code(pageStatus[code]).headers(pageHeaders).send(text);
  }
}

/** The address before held a code or a state, which must not be told to the next page. */
function redirect(reply: FastifyReply, { address, token }: Onward, cookieWith: (token: string) => string): void {
  const cookies = token === undefined ? {} : { 'Set-Cookie': cookieWith(token) };
  void reply
    .code(303)
    .headers({ ...pageHeaders, ...cookies, Location: address })
    .send();
}
