import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { pageHeaders } from '#libs/notices/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { Public } from '../auth/access.decorator.js';
import { Answer } from '../http/answer.js';
import { Documented } from '../http/documentation.js';
import { BrowserSessions } from './browser-sessions.js';
import { noSessionCookie, sessionTokenOf } from './cookies.js';
import { SignOutService } from './sign-out.service.js';

const instant = z.iso.datetime().nullable();
const SessionState = z
  .object({
    isSignedIn: z.boolean(),
    canSignIn: z.boolean().describe('False if this installation has no sign-in for browsers.'),
    sessionId: z.string().nullable(),
    subject: z.string().nullable().describe("The person's id at the issuer."),
    name: z.string().nullable().describe('As the issuer tells it, for display.'),
    csrfToken: z.string().nullable().describe('Send it as `X-CSRF-Token` with every request that is not a GET.'),
    idleUntil: instant.describe('When the session ends unless it is used before.'),
    expiresAt: instant.describe('When the session ends however much it is used.'),
  })
  .meta({ id: 'SessionState' });

const SignOut = z
  .strictObject({ scope: z.enum(['here', 'everywhere']).default('here').describe('`everywhere` ends all sessions of the person.') })
  .meta({ id: 'SignOut', example: { scope: 'here' } });
const SignedOut = z
  .object({
    endedSessions: z.int().min(0).max(1_000_000),
    issuerSignOut: z.string().nullable().describe('Open this path to log out at the issuer too; null if that is not possible.'),
  })
  .meta({ id: 'SignedOut' });

/** What a page asks about the session of its browser. No answer contains a token of the issuer. */
@ApiTags('sessions')
@Public()
@Controller()
export class SessionController {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly signOuts: SignOutService,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  @Get('session')
  @Documented({
    summary: 'Read the session of this browser',
    description: 'Tells a page who is signed in; never 401. Reading it does not count as use of the session.',
    answers: { 200: SessionState },
    problems: [403],
  })
  async read(@Req() request: FastifyRequest): Promise<z.output<typeof SessionState>> {
    const canSignIn = this.config.signIn !== null;
    const found = await this.sessions.find(request);
    if (found === null)
      return {
        isSignedIn: false,
        canSignIn,
        sessionId: null,
        subject: null,
        name: null,
        csrfToken: null,
        idleUntil: null,
        expiresAt: null,
      };
    const { sessionId, subject, tokens, idleUntil, endsAt } = found.session;
    return {
      isSignedIn: true,
      canSignIn,
      sessionId,
      subject,
      name: tokens.name,
      csrfToken: this.sessions.csrfToken(found.token),
      idleUntil: idleUntil.toISOString(),
      expiresAt: endsAt.toISOString(),
    };
  }

  @Post('sign-out')
  @Documented({
    summary: 'Sign out',
    description: 'Ends the session of this browser, or all sessions of the person. Needs `X-CSRF-Token`. A second request ends nothing.',
    answers: { 200: SignedOut },
    problems: [403, 422],
  })
  async signOut(@Req() request: FastifyRequest, @Body({ schema: SignOut }) { scope }: z.output<typeof SignOut>) {
    const found = await this.sessions.find(request);
    const left = found && (await this.signOuts.end(found, scope));
    const headers: Record<string, string> = sessionTokenOf(request.headers) === null ? {} : { 'Set-Cookie': noSessionCookie };
    return new Answer(200, left ?? { endedSessions: 0, issuerSignOut: null }, headers);
  }

  /** Sends the browser to the issuer's log-out, with an ID token that no script of ours has seen. */
  @Get('sign-out/issuer')
  @ApiExcludeEndpoint()
  async leaveIssuer(
    @Query('ticket', { schema: z.string().max(10_000).optional().catch(undefined) }) ticket: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const address = await this.signOuts.issuerAddress(ticket ?? '');
    void reply
      .code(303)
      .headers({ ...pageHeaders, Location: address })
      .send();
  }
}
