import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { Problem } from '#libs/problems/index.js';
import { header, malformed } from './request-headers.js';

interface EntityTag {
  opaque: string;
  isWeak: boolean;
}

/** The value of `If-Match` or `If-None-Match`: any tag, or one of a list (RFC 9110, 13.1.1 and 13.1.2). */
type TagCondition = 'any' | EntityTag[];

/**
 * Returns the ETag of a version. A representation depends on more than the version, such as the caller's permissions and the claims of others, so
 * the tag of one that can be read again also contains a digest of it.
 */
export function entityTag(version: number, representation?: unknown): string {
  if (representation === undefined) return `"${version}"`;
  const text = typeof representation === 'string' ? representation : JSON.stringify(representation);
  return `"${version}.${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

const versionIn = (opaque: string): number | undefined => {
  const digits = /^(\d{1,9})(?:\.[\w-]{22})?$/.exec(opaque)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

const oneTag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
// A recipient accepts empty elements of a list (RFC 9110, 5.6.1).
const tagList = new RegExp(String.raw`^[\s,]*${oneTag}(?:[ \t]*,[\s,]*(?:${oneTag})?)*[\s,]*$`);

/** Reads a condition; undefined if the header is absent. @throws Problem `invalid_request` if it is malformed */
function conditionIn(request: Pick<FastifyRequest, 'headers'>, field: 'If-Match' | 'If-None-Match'): TagCondition | undefined {
  const value = header(request, field.toLowerCase())?.trim();
  if (value === undefined) return undefined;
  if (value === '*') return 'any';
  if (value.length > 4_000 || !tagList.test(value))
    throw malformed(field, '*, or ETags as the API returned them, such as "3", separated by commas');
  return [...value.matchAll(new RegExp(oneTag, 'g'))].map(([tag]) => ({
    isWeak: tag.startsWith('W/'),
    opaque: tag.slice(tag.indexOf('"') + 1, -1),
  }));
}

/**
 * Returns the versions that `If-Match` permits; undefined if it is absent. A weak tag never matches. Of a tag, the version decides: it changes
 * with every change of the resource, and what others do to the representation must not fail an edit.
 */
export function expectedVersionsIn(request: Pick<FastifyRequest, 'headers'>): ExpectedVersion | undefined {
  const condition = conditionIn(request, 'If-Match');
  if (condition === undefined || condition === 'any') return condition;
  return condition.filter(({ isWeak }) => !isWeak).flatMap(({ opaque }) => versionIn(opaque) ?? []);
}

/** Returns the one version to demand of a resource that is now at `current`; undefined if any will do. @throws Problem if none can match */
export function expectedVersionOf(expected: ExpectedVersion | undefined, current: number): number | undefined {
  if (expected === undefined || expected === 'any') return undefined;
  if (expected.includes(current)) return current;
  // The decision refuses it, unless it is a repeated request that was executed before.
  if (expected[0] !== undefined) return expected[0];
  throw new Problem('version_conflict', { detail: 'If-Match contains no strong ETag of this resource.' });
}

/**
 * Evaluates the conditions of a GET in the order of RFC 9110, 13.2.2: `If-Match`, then `If-None-Match`. Those by date are ignored, because no
 * resource has a date of modification. Returns whether the caller already has the representation.
 * @throws Problem `version_conflict` if `If-Match` does not hold
 */
export function isKnownToCaller(request: Pick<FastifyRequest, 'headers'>, etag: string): boolean {
  const opaque = etag.slice(1, -1);
  const expected = expectedVersionsIn(request);
  if (expected !== undefined && expected !== 'any' && !expected.includes(versionIn(opaque) ?? Number.NaN))
    throw new Problem('version_conflict');
  const known = conditionIn(request, 'If-None-Match');
  return known === 'any' || known?.some((tag) => tag.opaque === opaque) === true;
}
