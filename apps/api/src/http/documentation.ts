import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

interface Documented {
  summary: string;
  description?: string;
  /** Schemas of successful responses, by status. */
  answers: Record<number, z.ZodType>;
  /** Statuses of problems beyond those that every operation of its kind has. */
  problems?: number[];
}

/** Documents an operation. Common problems, keys and the 202 of commands are added for all operations in `openapi/operations.ts`. */
export function Documented({ summary, description, answers, problems = [] }: Documented): MethodDecorator {
  const responses = Object.entries(answers).map(([status, schema]) =>
    ApiResponse({
      status: Number(status),
      description: schema.meta()?.description ?? descriptions[Number(status)] ?? 'Done.',
      // A response without content has no schema, only a description.
      ...(Number(status) !== 204 && { standardSchema: schema }),
    }),
  );
  responses.push(...problems.map((status) => ApiResponse({ status, ...problemAnswer(status) })));
  return applyDecorators(ApiOperation({ summary, ...(description && { description }) }), ...responses);
}

const descriptions: Record<number, string> = {
  200: 'Done; the response shows the current state.',
  201: 'Created.',
  202: 'Stored and being processed.',
};

/** Documents the version that a request is based on. */
export function ApiIfMatch({
  required,
  of = 'version of the claim that the caller has read',
}: {
  required: boolean;
  of?: string;
}): MethodDecorator {
  return ApiHeader({
    name: 'If-Match',
    required,
    description: `ETag of the ${of}, a list of ETags, or \`*\`; 412 if none is current. Of an ETag, the version counts. A weak ETag never matches.`,
    schema: { type: 'string', example: '"3"' },
  });
}

/** Documents a GET whose answer has an ETag. The ETag and the 304 are added in `openapi/operations.ts`. */
export const ApiIfNoneMatch = (): MethodDecorator =>
  ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'ETags of what the caller has read before; 304 if one is current.',
    schema: { type: 'string', example: '"3.4mGq0uTtQkqYvYjI4c5b0A"' },
  });

const problemTexts: Record<number, string> = {
  400: 'The request is malformed, or `Idempotency-Key` is missing.',
  401: 'The token is missing or invalid.',
  403: 'The caller lacks the role, or a rule forbids the action to this person.',
  404: 'Does not exist or is outside the scope of the caller; the response is the same.',
  408: 'The request did not arrive completely in time.',
  409: 'Refused by the rules; `errors` lists every reason.',
  406: 'Not available in any media type that the request accepts.',
  410: 'No longer exists.',
  412: 'Has changed since the version in `If-Match`.',
  413: 'The body or file is too large.',
  415: 'The media type or file type is not supported.',
  422: 'A field is missing or malformed, or the idempotency key was used for a different request.',
  428: '`If-Match` is missing.',
  429: 'Too many requests; `Retry-After` says when to retry.',
  431: 'The URL and headers together exceed 16 KiB.',
  500: 'Internal error. Retry with the same idempotency key.',
  503: 'A required service is unavailable. Retry with the same idempotency key.',
};

/** Documents a problem response. */
export const problemAnswer = (status: number) => ({
  description: problemTexts[status]!,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
