import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import type { TokenRules } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { endByLogoutToken, SessionStore, verifyLogoutToken } from '#libs/sessions/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { Public } from '../auth/access.decorator.js';
import { TOKEN_RULES } from '../auth/access.guard.js';
import { formType, Takes } from '../http/bodies.js';

const Sent = z.looseObject({ logout_token: z.string().max(20_000) });

/** What the issuer calls when somebody logs out there, as OpenID Connect Back-Channel Logout 1.0 describes. */
@ApiExcludeController()
@Public()
@Controller('sign-in/back-channel-logout')
export class BackChannelController {
  constructor(
    private readonly store: SessionStore,
    @Inject(TOKEN_RULES) private readonly rules: TokenRules,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  @Post()
  @HttpCode(200)
  @Takes(formType)
  async end(@Body() form: unknown): Promise<void> {
    const { data } = Sent.safeParse(form);
    if (data === undefined) throw new Problem('logout_token_invalid', { detail: 'Send the form field "logout_token".' });
    if (this.config.signIn === null) throw new Problem('logout_token_invalid', { detail: 'Nobody can sign in here with a browser.' });
    const claims = await verifyLogoutToken(data.logout_token, this.rules, this.config.signIn.clientId);
    await endByLogoutToken(this.store, claims);
  }
}
