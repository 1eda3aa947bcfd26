import { type DynamicModule, Module } from '@nestjs/common';
import type { AuthConfig } from '../auth/auth.module.js';
import { ISSUER_CONFIG, IssuerMount } from './issuer.mount.js';

/** Hosts the embedded issuer. Empty if tokens come from another issuer, as they always do in production. */
@Module({})
export class IssuerModule {
  static forRoot(config: AuthConfig): DynamicModule {
    if (!config.oidc.isEmbedded) return { module: IssuerModule };
    return { module: IssuerModule, providers: [{ provide: ISSUER_CONFIG, useValue: config }, IssuerMount] };
  }
}
