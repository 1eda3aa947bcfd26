import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Config } from '#libs/config/index.js';
import { Public } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';

export const SIGN_IN_RULES = Symbol('SignInRules');

interface SignInRules extends Pick<Config, 'commandLine'> {
  publicUrl: string;
  issuer: string;
}

const ProtectedResource = z
  .object({
    resource: z.string().describe('Address of this installation.'),
    authorization_servers: z.array(z.string()).describe('The OpenID Connect issuer whose access tokens are accepted.'),
    bearer_methods_supported: z.array(z.literal('header')),
    cpor_command_line: z
      .object({
        client_id: z.string().describe('A public client, which comes back to `http://127.0.0.1` with any port.'),
        scope: z.string().describe('What to ask for, separated by spaces.'),
        parameters: z.record(z.string(), z.string()).describe('What to send with every request for a token.'),
      })
      .nullable()
      .describe('How a program on a person’s own machine signs the person in; null if the operator has registered no client for it.'),
  })
  .meta({ id: 'ProtectedResource', description: 'Metadata of a protected resource (RFC 9728).' });

/** Tells a program that knows nothing but the address of the installation where its person can sign in. */
@ApiTags('people')
@Public()
@Controller('.well-known/oauth-protected-resource')
export class ProtectedResourceController {
  constructor(@Inject(SIGN_IN_RULES) private readonly rules: SignInRules) {}

  @Get()
  @Documented({
    summary: 'Find out where to get an access token',
    description: 'For programs that sign a person in, such as `cpor login`. Needs no token.',
    answers: { 200: ProtectedResource },
  })
  read() {
    const { publicUrl, issuer, commandLine } = this.rules;
    return {
      resource: publicUrl,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      cpor_command_line: commandLine && {
        client_id: commandLine.clientId,
        scope: commandLine.scopes,
        parameters: commandLine.tokenTarget === null ? {} : { [commandLine.tokenTarget.name]: commandLine.tokenTarget.value },
      },
    };
  }
}
