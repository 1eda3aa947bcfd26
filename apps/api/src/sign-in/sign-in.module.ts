import { randomBytes } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TokenRules } from '#libs/auth/index.js';
import { sandboxLinkKey } from '#libs/notices/index.js';
import { SessionKeys, SessionStore } from '#libs/sessions/index.js';
import type { ApiConfig } from '../api.config.js';
import { TOKEN_RULES } from '../auth/access.guard.js';
import { BackChannelController } from './back-channel.controller.js';
import { BrowserSessions } from './browser-sessions.js';
import { IssuerClient } from './issuer-client.js';
import { SessionController } from './session.controller.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SignInController } from './sign-in.controller.js';
import { SignInService } from './sign-in.service.js';
import { SignOutService } from './sign-out.service.js';
import { TokenRenewal } from './token-renewal.js';

const ISSUER_CLIENT = Symbol('IssuerClient');

/** Without sign-in there are no sessions to find, so any limits do. */
const noLimits = { idleMinutes: 0, maximumHours: 0 };

/** Sign-in with a browser, and its sessions. */
@Module({})
export class SignInModule {
  static forRoot(config: ApiConfig): DynamicModule {
    const { publicUrl } = config.api;
    return {
      module: SignInModule,
      controllers: [SignInController, BackChannelController, SessionController, SessionsController],
      providers: [
        { provide: ISSUER_CLIENT, useFactory: () => issuerClient(config) },
        { provide: SessionKeys, useFactory: () => new SessionKeys(rootKeyOf(config)) },
        {
          provide: SessionStore,
          useFactory: (source: DataSource, keys: SessionKeys) => new SessionStore(source, keys, config.signIn ?? noLimits),
          inject: [DataSource, SessionKeys],
        },
        {
          provide: BrowserSessions,
          useFactory: (store: SessionStore, keys: SessionKeys, issuer: IssuerClient | null) =>
            new BrowserSessions(store, keys, issuer && new TokenRenewal(store, issuer), publicUrl),
          inject: [SessionStore, SessionKeys, ISSUER_CLIENT],
        },
        {
          provide: SignInService,
          useFactory: (store: SessionStore, keys: SessionKeys, issuer: IssuerClient | null, rules: TokenRules) =>
            new SignInService(store, keys, issuer, rules, publicUrl),
          inject: [SessionStore, SessionKeys, ISSUER_CLIENT, TOKEN_RULES],
        },
        {
          provide: SignOutService,
          useFactory: (store: SessionStore, keys: SessionKeys, issuer: IssuerClient | null) => new SignOutService(store, keys, issuer),
          inject: [SessionStore, SessionKeys, ISSUER_CLIENT],
        },
        {
          provide: SessionsService,
          useFactory: (source: DataSource, store: SessionStore) => new SessionsService(source, store),
          inject: [DataSource, SessionStore],
        },
      ],
    };
  }
}

function issuerClient({ signIn, oidc, api: { publicUrl } }: ApiConfig): IssuerClient | null {
  return signIn && new IssuerClient({ signIn, oidc, publicUrl });
}

/** A sandbox generates one key for all that it seals; what is derived from it differs by purpose. */
function rootKeyOf({ signIn, mode, dataDirectory }: ApiConfig): Uint8Array {
  if (signIn?.sessionKey) return signIn.sessionKey;
  return mode === 'sandbox' ? sandboxLinkKey(dataDirectory) : randomBytes(32);
}
