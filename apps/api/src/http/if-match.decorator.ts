import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { Problem } from '#libs/problems/index.js';
import { expectedVersionsIn } from './entity-tag.js';

/** The versions in `If-Match`, or undefined if the header is absent and not required. */
export const IfMatch = createParamDecorator((demand: 'required' | undefined, context: ExecutionContext): ExpectedVersion | undefined => {
  const expected = expectedVersionsIn(context.switchToHttp().getRequest<FastifyRequest>());
  if (expected === undefined && demand === 'required') throw new Problem('precondition_required');
  return expected;
});
