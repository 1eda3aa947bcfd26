import { type CanActivate, type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import {
  can,
  type Permission,
  type Principal,
  permissions,
  type Scope,
  scopeOf,
  type TokenRules,
  unauthenticated,
  verifyToken,
  withPast,
} from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { RequestLimits } from '../limits/request-limits.js';
import { authorizeAgain } from '../sign-in/browser-sessions.js';
import { type Access, type AuthenticatedRequest, accessKey } from './access.decorator.js';
import { AssignedRolesReader } from './assigned-roles.reader.js';
import { ClaimNumberReader } from './claim-number.reader.js';
import { PartnerPastReader } from './partner-past.reader.js';

export const TOKEN_RULES = Symbol('TokenRules');

/**
 * Allows a request if the endpoint is public, or if the caller's token is valid, its limit is not used up, and it grants the permission that the
 * endpoint demands.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(TOKEN_RULES) private readonly rules: TokenRules,
    private readonly past: PartnerPastReader,
    private readonly assigned: AssignedRolesReader,
    private readonly numbers: ClaimNumberReader,
    @Optional() private readonly limits?: RequestLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(accessKey, [context.getHandler(), context.getClass()]);
    if (access === 'public') return true;
    if (!access) throw new Problem('forbidden');
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    request.readmit = async () => {
      await authorizeAgain(request);
      await this.admit(request, access, await verifyToken(bearerToken(request), this.rules));
    };
    const verified = await verifyToken(bearerToken(request), this.rules);
    // Before the database is asked, so that a refused request costs little.
    await this.limits?.take(context, verified.subject);
    await this.admit(request, access, verified);
    await this.numbers.resolve(request, request.scope!);
    return true;
  }

  private async admit(
    request: FastifyRequest & AuthenticatedRequest,
    access: Exclude<Access, 'public'>,
    verified: Principal,
  ): Promise<void> {
    const principal = await this.assigned.complete(verified);
    request.scope = access === 'anyone' ? { kind: 'nothing' } : await this.scopeFor(principal, access.permission);
    request.principal = principal;
  }

  private async scopeFor(principal: Principal, permission: Permission): Promise<Scope> {
    if (!can(principal, permission)) throw forbidden(principal, permission);
    const scope = scopeOf(principal, permission);
    return scope.kind === 'everything' ? withPast(scope, await this.past.of(principal.subject)) : scope;
  }
}

function bearerToken(request: FastifyRequest): string {
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!token) throw unauthenticated();
  return token;
}

function forbidden(principal: Principal, permission: Permission): Problem {
  const held = principal.roles.length > 0 ? `only the role ${principal.roles.join(', ')}` : 'no cpor role';
  return new Problem('forbidden', {
    detail: `This requires the permission ${permission}, but the token has ${held}.`,
    members: { permission, allowedRoles: permissions[permission] },
  });
}
