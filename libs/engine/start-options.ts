import { priorities, taskQueues, workflowIds } from '../../temporal.config.js';

/** What the engine knows about a claim: no personal data. */
export interface EngineClaim {
  claimId: string;
  partnerAccountId: string;
}

export interface EngineImport {
  importId: string;
  partnerAccountId: string;
}

/** An association as its claim describes it. */
export interface EngineAssociation {
  associationId: string;
  isLive: boolean;
}

const common = {
  taskQueue: taskQueues.claims,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowIdConflictPolicy: 'USE_EXISTING',
} as const;

// The fairness key keeps one partner's flood from delaying the claims of another.
export const claimStart = ({ claimId, partnerAccountId }: EngineClaim) => ({
  ...common,
  workflowId: workflowIds.claim(claimId),
  args: [{ claimId }] satisfies [{ claimId: string }],
  priority: { priorityKey: priorities.awaited, fairnessKey: partnerAccountId },
});

/** Nobody waits for an association's workflow. */
export const associationStart = ({ claimId, partnerAccountId }: EngineClaim, associationId: string) => ({
  ...common,
  workflowId: workflowIds.association(associationId),
  args: [{ claimId, associationId }] satisfies [{ claimId: string; associationId: string }],
  priority: { priorityKey: priorities.alarm, fairnessKey: partnerAccountId },
});

export const importStart = ({ importId, partnerAccountId }: EngineImport) => ({
  ...common,
  workflowId: workflowIds.import(importId),
  args: [{ importId }] satisfies [{ importId: string }],
  priority: { priorityKey: priorities.bulk, fairnessKey: partnerAccountId },
});

/** Deliveries have a queue of their own, so that no receiver delays a claim. */
export const endpointStart = (endpointId: string) => ({
  ...common,
  taskQueue: taskQueues.webhooks,
  workflowId: workflowIds.webhookEndpoint(endpointId),
  args: [{ endpointId }] satisfies [{ endpointId: string }],
  priority: { priorityKey: priorities.bulk, fairnessKey: endpointId },
});

export const settlementStart = {
  ...common,
  workflowId: workflowIds.settlement,
  priority: { priorityKey: priorities.awaited },
};
