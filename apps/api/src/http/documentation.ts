import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

interface Documented {
  summary: string;
  description?: string;
  /** What the operation answers when it succeeds, by status. */
  answers: Record<number, z.ZodType>;
  /** Statuses of problems that not every operation of its kind has. */
  problems?: number[];
}

/** Documents an operation. Problems, keys and the 202 of commands are common to many and are added to the document as a whole. */
export function Documented({ summary, description, answers, problems = [] }: Documented): MethodDecorator {
  const responses = Object.entries(answers).map(([status, schema]) =>
    ApiResponse({
      status: Number(status),
      description: schema.meta()?.description ?? descriptions[Number(status)] ?? 'Done.',
      standardSchema: schema,
    }),
  );
  responses.push(...problems.map((status) => ApiResponse({ status, ...problemAnswer(status) })));
  return applyDecorators(ApiOperation({ summary, ...(description && { description }) }), ...responses);
}

const descriptions: Record<number, string> = {
  200: 'Done; the answer shows what is true now.',
  201: 'Made.',
  202: 'Stored, and under way.',
};

/** Documents the version that a request is based on. */
export function ApiIfMatch({ required, of = 'claim as the caller has seen it' }: { required: boolean; of?: string }): MethodDecorator {
  return ApiHeader({
    name: 'If-Match',
    required,
    description: `ETag of the ${of}; 412 when it has moved on.`,
    schema: { type: 'string', example: '"3"' },
  });
}

const problemTexts: Record<number, string> = {
  400: 'Unreadable, or without an Idempotency-Key.',
  401: 'No valid token.',
  403: 'The role is missing, or the rules forbid it to this person.',
  404: 'Not there, or outside the scope of the caller: the answer is the same.',
  409: 'Refused by the rules; `errors` lists everything that was wrong.',
  406: 'Not available in any of the forms accepted.',
  410: 'It was erased.',
  412: 'It has moved on since the version in If-Match.',
  413: 'Too large.',
  415: 'Not a media type, or a kind of file, that is taken.',
  422: 'Fields are missing or malformed, or the key was used for another request.',
  428: 'If-Match is missing.',
  429: 'Too many at a time; `Retry-After` says when to go on.',
  431: 'Address and headers have more than 16 KiB together.',
  500: 'A fault of ours; worth a retry with the same key.',
  503: 'A part that this needs does not answer; worth a retry with the same key.',
};

/** How a problem is documented. */
export const problemAnswer = (status: number) => ({
  description: problemTexts[status]!,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
