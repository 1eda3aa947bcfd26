import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { issuerKeys, sandboxKeys, type TokenRules } from '#libs/auth/index.js';
import type { Config } from '#libs/config/index.js';
import { AccessCheck } from './access.check.js';
import { AccessGuard, TOKEN_RULES } from './access.guard.js';
import { AssignedRolesReader } from './assigned-roles.reader.js';
import { ClaimNumberReader } from './claim-number.reader.js';
import { PartnerPastReader } from './partner-past.reader.js';

export type AuthConfig = Pick<Config, 'oidc' | 'dataDirectory'>;

/** Guards every endpoint of the application. */
@Module({})
export class AuthModule {
  static forRoot(config: AuthConfig): DynamicModule {
    return {
      module: AuthModule,
      // Sign-in judges tokens by the same rules.
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: TOKEN_RULES, useFactory: () => tokenRules(config) },
        PartnerPastReader,
        AssignedRolesReader,
        ClaimNumberReader,
        { provide: APP_GUARD, useClass: AccessGuard },
        AccessCheck,
      ],
      exports: [TOKEN_RULES],
    };
  }
}

async function tokenRules({ oidc: { issuer, audience, isEmbedded }, dataDirectory }: AuthConfig): Promise<TokenRules> {
  return { issuer, audience, keys: isEmbedded ? await sandboxKeys(dataDirectory) : issuerKeys(issuer) };
}
