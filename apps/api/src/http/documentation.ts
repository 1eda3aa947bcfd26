import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

interface Documented {
  summary: string;
  description?: string;
  /** What the operation answers when it succeeds, by status. */
  answers: Record<number, z.ZodType>;
}

/** Documents an operation. Problems, keys and the 202 of commands are common to many and are added to the document as a whole. */
export function Documented({ summary, description, answers }: Documented): MethodDecorator {
  const responses = Object.entries(answers).map(([status, schema]) =>
    ApiResponse({
      status: Number(status),
      description: schema.meta()?.description ?? descriptions[Number(status)] ?? 'Done.',
      standardSchema: schema,
    }),
  );
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
