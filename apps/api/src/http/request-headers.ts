import type { FastifyRequest } from 'fastify';
import { v7 as uuidV7 } from 'uuid';
import { Problem } from '#libs/problems/index.js';

type Headers = Pick<FastifyRequest, 'headers' | 'method'>;

export function header(request: Pick<Headers, 'headers'>, name: string): string | undefined {
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

export function malformed(field: string, expectation: string): Problem {
  const message = `Must be ${expectation}`;
  return new Problem('invalid_request', { detail: `${field}: ${message}.`, errors: [{ field, code: 'invalid_header', message }] });
}
