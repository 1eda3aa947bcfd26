import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { sandboxDiscovery, sandboxKeySet } from '#libs/auth/index.js';
import { Public } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import type { AuthConfig } from '../auth/auth.module.js';

const Discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.string() }).meta({ id: 'IssuerDiscovery' });
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) }).meta({ id: 'KeySet' });

export const ISSUER_CONFIG = Symbol('IssuerConfig');

/** Publishes what an OpenID Connect library needs to verify the sandbox's tokens. It issues none. */
@ApiTags('sandbox')
@Public()
@Controller('sandbox/issuer')
export class IssuerController {
  constructor(@Inject(ISSUER_CONFIG) private readonly config: AuthConfig) {}

  @Get('.well-known/openid-configuration')
  @Documented({ summary: 'Describe the embedded issuer', description: 'OpenID Connect Discovery document.', answers: { 200: Discovery } })
  discovery() {
    return sandboxDiscovery(this.config.oidc.issuer);
  }

  @Get('jwks')
  @Documented({
    summary: "Publish the embedded issuer's keys",
    description: 'The public keys as a JSON Web Key Set.',
    answers: { 200: KeySet },
  })
  keys() {
    return sandboxKeySet(this.config.dataDirectory);
  }
}
