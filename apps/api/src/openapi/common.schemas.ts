import { z } from 'zod';

/** RFC 9457, as every refusal and fault is answered. */
export const ProblemBody = z
  .object({
    type: z.string().describe('Address of the description of the code.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string().describe('Stable code. An open list.'),
    detail: z.string().describe('What is wrong with this request.'),
    remedy: z.string().describe('What the caller can do about it.'),
    instance: z.string(),
    requestId: z.string().describe('What to quote to the operator.'),
    errors: z
      .array(
        z.object({
          field: z.string().optional(),
          pointer: z
            .string()
            .optional()
            .describe('JSON Pointer into the body, or into the claim where a rule found it. None for a parameter or a header.'),
          code: z.string(),
          message: z.string(),
          line: z.int().min(1).max(100_000).optional(),
        }),
      )
      .optional(),
    claimId: z.string().optional(),
    number: z.string().optional(),
    phase: z.string().optional().describe('Phase of the claim that refused.'),
    version: z.int().min(0).max(1_000_000).optional(),
    allowedActions: z.array(z.string()).optional(),
  })
  .loose()
  .meta({ id: 'Problem' });

export const AcceptedOperation = z
  .object({ operationId: z.string(), claimId: z.string(), status: z.literal('accepted'), receivedAt: z.iso.datetime() })
  .meta({ id: 'AcceptedOperation', description: 'Stored and on its way; its operation tells the outcome.' });
