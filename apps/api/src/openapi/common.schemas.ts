import { z } from 'zod';

/** The body of every error response (RFC 9457). */
export const ProblemBody = z
  .object({
    type: z.string().describe('URL of a description of the code.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string().describe('Stable code. New codes may be added.'),
    detail: z.string().describe('What is wrong with this request.'),
    remedy: z.string().describe('What the caller can do.'),
    instance: z.string(),
    requestId: z.string().describe('Quote this to the operator.'),
    errors: z
      .array(
        z.object({
          field: z.string().optional(),
          pointer: z
            .string()
            .optional()
            .describe('JSON Pointer into the body, or into the claim if a rule reported the error. Absent for a parameter or header.'),
          code: z.string(),
          message: z.string(),
          line: z.int().min(1).max(100_000).optional(),
        }),
      )
      .optional(),
    claimId: z.string().optional(),
    number: z.string().optional(),
    phase: z.string().optional().describe('Current phase of the claim.'),
    version: z.int().min(0).max(1_000_000).optional(),
    allowedActions: z.array(z.string()).optional(),
  })
  .loose()
  .meta({ id: 'Problem' });

export const AcceptedOperation = z
  .object({ operationId: z.string(), claimId: z.string(), status: z.literal('accepted'), receivedAt: z.iso.datetime() })
  .meta({ id: 'AcceptedOperation', description: 'The command is stored and will be executed; its operation reports the outcome.' });
