import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { sandboxDiscovery, sandboxKeySet } from '#libs/auth/index.js';
import { Public } from '../auth/access.decorator.js';
import type { AuthConfig } from '../auth/auth.module.js';

export const ISSUER_CONFIG = Symbol('IssuerConfig');

/** The embedded issuer's public face: enough for any OpenID Connect library to check the sandbox's tokens. It mints none. */
@ApiTags('sandbox')
@Public()
@Controller('sandbox/issuer')
export class IssuerController {
  constructor(@Inject(ISSUER_CONFIG) private readonly config: AuthConfig) {}

  @Get('.well-known/openid-configuration')
  discovery() {
    return sandboxDiscovery(this.config.oidc.issuer);
  }

  @Get('jwks')
  keys() {
    return sandboxKeySet(this.config.dataDirectory);
  }
}
