import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { issuerPath } from '#libs/config/index.js';
import { Problem } from '#libs/problems/index.js';
import { createSandboxIssuer, issuerRoutes, type SandboxIssuer } from '#libs/sandbox-issuer/index.js';
import type { AuthConfig } from '../auth/auth.module.js';
import { formType } from '../http/bodies.js';

export const ISSUER_CONFIG = Symbol('IssuerConfig');

/** Routes requests to the embedded issuer, which reads their bodies itself. It is created for the first one, so that no start waits for it. */
@Injectable()
export class IssuerMount implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Issuer');
  private created: Promise<SandboxIssuer> | undefined;

  constructor(
    @Inject(ISSUER_CONFIG) private readonly config: AuthConfig,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    // Loaded when the server starts. To wait here would start it before Nest has set its error handler.
    void server.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      for (const { method, path } of issuerRoutes) {
        scope.route({
          method,
          url: `${issuerPath}${path}`,
          config: { takes: [formType] },
          handler: (request, reply) => this.answer(request, reply),
        });
      }
    });
  }

  async onModuleDestroy(): Promise<void> {
    (await this.created?.catch(() => undefined))?.close();
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { url = '' } = request.raw;
    // The router also matches other spellings of a path.
    if (!url.startsWith(`${issuerPath}/`)) throw new Problem('not_found');
    const issuer = await this.issuer();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    reply.hijack();
    issuer.answer(url.slice(issuerPath.length), request.raw, reply.raw);
  }

  private issuer(): Promise<SandboxIssuer> {
    const { oidc, dataDirectory } = this.config;
    this.created ??= createSandboxIssuer({
      issuer: oidc.issuer,
      audience: oidc.audience,
      dataDirectory,
      homeUrl: oidc.issuer.slice(0, -issuerPath.length),
      onFault: (message) => this.logger.error(message),
    }).catch((error: unknown) => {
      this.created = undefined;
      throw error;
    });
    return this.created;
  }
}
