import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { Permission, Principal, Scope } from '#libs/auth/index.js';

export const accessKey = 'cpor:access';

/** What an endpoint requires of its caller. */
export type Access = { permission: Permission } | 'anyone' | 'public';

/** What the guard stores on the request for the parameter decorators below. */
export interface AuthenticatedRequest {
  principal?: Principal;
  scope?: Scope;
  /** Checks again whether the caller is admitted, and stores who they are now. Throws as the guard does. */
  readmit?: () => Promise<void>;
}

/** A caller whose admission can be checked again while a long answer is being sent. */
export interface Admission {
  readonly principal: Principal;
  readonly scope: Scope;
  /** @throws Problem if the caller would be refused now */
  readmit(): Promise<void>;
}

/** Allows callers with this permission. */
export function Allow(permission: Permission): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(accessKey, { permission } satisfies Access), ApiBearerAuth());
}

/** Allows every caller who is signed in, whatever their roles. The scope is empty: such an endpoint may answer only about its caller. */
export function AllowAnyone(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(accessKey, 'anyone' satisfies Access), ApiBearerAuth());
}

/** Allows everyone, without a token. */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata(accessKey, 'public' satisfies Access);
}

/** The caller, as a handler's parameter. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return required(context.switchToHttp().getRequest<AuthenticatedRequest>().principal);
});

/** The scope in which the caller holds the endpoint's permission; every query needs it. */
export const CurrentScope = createParamDecorator((_: unknown, context: ExecutionContext): Scope => {
  return required(context.switchToHttp().getRequest<AuthenticatedRequest>().scope);
});

/** The caller of a long answer, as a handler's parameter. */
export const CurrentAdmission = createParamDecorator((_: unknown, context: ExecutionContext): Admission => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  return {
    get principal() {
      return required(request.principal);
    },
    get scope() {
      return required(request.scope);
    },
    readmit: () => required(request.readmit)(),
  };
});

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A public endpoint has no principal and no scope.');
  return value;
}
