import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v7 as uuidV7 } from 'uuid';
import { Problem } from '#libs/problems/index.js';

type Headers = Pick<FastifyRequest, 'headers' | 'method'>;

function header(request: Headers, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The caller's `Idempotency-Key`, which every POST needs. PATCH and DELETE may go without: a version, or the act itself, makes them safe. */
export function idempotencyKeyOf(request: Headers): string {
  const key = header(request, 'idempotency-key');
  if (!key && request.method !== 'POST') return uuidV7();
  if (!key) throw new Problem('idempotency_key_required');
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw malformed('Idempotency-Key', '1 to 255 printable ASCII characters without spaces');
  return key;
}

export const prefersAsync = (request: Headers): boolean => /(^|,)\s*respond-async\s*(,|;|$)/i.test(header(request, 'prefer') ?? '');

/** The version named by `If-Match`; undefined when the header is absent, unless the endpoint demands it. */
export const IfMatch = createParamDecorator((demand: 'required' | undefined, context: ExecutionContext): number | undefined => {
  const value = header(context.switchToHttp().getRequest<FastifyRequest>(), 'if-match');
  if (value === undefined && demand === 'required') throw new Problem('precondition_required');
  if (value === undefined) return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(value.trim())?.[1];
  if (version === undefined) throw malformed('If-Match', 'an ETag as it was answered, such as "3"');
  return Number(version);
});

function malformed(field: string, expectation: string): Problem {
  const message = `Must be ${expectation}`;
  return new Problem('invalid_request', { detail: `${field}: ${message}.`, errors: [{ field, code: 'invalid_header', message }] });
}

export const entityTag = (version: number): string => `"${version}"`;
