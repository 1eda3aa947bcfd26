import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v7 as uuidV7 } from 'uuid';
import { Problem } from '#libs/problems/index.js';

type Headers = Pick<FastifyRequest, 'headers' | 'method'>;

function header(request: Headers, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Returns the caller's `Idempotency-Key`, required for POST. PATCH and DELETE may omit it: a version, or the nature of the request, makes a retry safe. */
export function idempotencyKeyOf(request: Headers): string {
  const key = header(request, 'idempotency-key');
  if (!key && request.method !== 'POST') return uuidV7();
  if (!key) throw new Problem('idempotency_key_required');
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw malformed('Idempotency-Key', '1 to 255 printable ASCII characters without spaces');
  return key;
}

export const prefersAsync = (request: Headers): boolean => /(^|,)\s*respond-async\s*(,|;|$)/i.test(header(request, 'prefer') ?? '');

/** The version in `If-Match`, or undefined if the header is absent and not required. */
export const IfMatch = createParamDecorator((demand: 'required' | undefined, context: ExecutionContext): number | undefined => {
  const value = header(context.switchToHttp().getRequest<FastifyRequest>(), 'if-match');
  if (value === undefined && demand === 'required') throw new Problem('precondition_required');
  if (value === undefined) return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(value.trim())?.[1];
  if (version === undefined) throw malformed('If-Match', 'an ETag as returned by the API, such as "3"');
  return Number(version);
});

function malformed(field: string, expectation: string): Problem {
  const message = `Must be ${expectation}`;
  return new Problem('invalid_request', { detail: `${field}: ${message}.`, errors: [{ field, code: 'invalid_header', message }] });
}

export const entityTag = (version: number): string => `"${version}"`;
