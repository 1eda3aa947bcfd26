import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#libs/config/index.js';
import { MeController } from './me.controller.js';
import { MeReader } from './me.reader.js';
import { ProtectedResourceController, SIGN_IN_RULES } from './protected-resource.controller.js';

/** Tells callers how to sign in, who they are here and what they may do. */
@Module({})
export class MeModule {
  static forRoot({ api, oidc, commandLine }: Pick<Config, 'api' | 'oidc' | 'commandLine'>): DynamicModule {
    return {
      module: MeModule,
      controllers: [MeController, ProtectedResourceController],
      providers: [MeReader, { provide: SIGN_IN_RULES, useValue: { publicUrl: api.publicUrl, issuer: oidc.issuer, commandLine } }],
    };
  }
}
