import { type DynamicModule, Module } from '@nestjs/common';
import type { AuthConfig } from '../auth/auth.module.js';
import { ISSUER_CONFIG, IssuerController } from './issuer.controller.js';

/** Publishes the keys of the embedded issuer. Empty if tokens come from another issuer, as they always do in production. */
@Module({})
export class IssuerModule {
  static forRoot(config: AuthConfig): DynamicModule {
    if (!config.oidc.isEmbedded) return { module: IssuerModule };
    return { module: IssuerModule, controllers: [IssuerController], providers: [{ provide: ISSUER_CONFIG, useValue: config }] };
  }
}
