import { z } from 'zod';
import type { AcceptedCommand } from '#libs/inbox/index.js';
import { findingView, FindingView } from '#libs/read-models/index.js';

export const Operation = z
  .object({
    operationId: z.string(),
    claimId: z.string(),
    type: z.string().describe('Name of the command. New commands may be added.'),
    status: z.enum(['accepted', 'done', 'refused']),
    receivedAt: z.iso.datetime().describe('Time of receipt; decides whether a deadline was met.'),
    version: z.int().min(0).max(1_000_000).nullable().describe('Version of the claim after the command; null until it is executed.'),
    errors: z.array(FindingView).describe('Why it was refused.'),
  })
  .meta({ id: 'Operation' });
export type Operation = z.output<typeof Operation>;

/** Returns the path of a command's operation. */
export const operationPath = (commandId: string): string => `/v1/operations/${commandId}`;

/** Returns a command as its sender sees it. */
export function operationView({ commandId, claimId, type, receivedAt, outcome }: AcceptedCommand): Operation {
  return {
    operationId: commandId,
    claimId,
    type,
    status: outcome?.status ?? 'accepted',
    receivedAt,
    version: outcome?.version ?? null,
    errors: outcome?.status === 'refused' ? outcome.findings.map(findingView) : [],
  };
}
