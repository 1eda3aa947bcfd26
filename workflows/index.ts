export { associationWorkflow } from './association.workflow.js';
export { claimWorkflow } from './claim.workflow.js';
export { importWorkflow } from './import.workflow.js';
export { reconciliationWorkflow } from './reconciliation.workflow.js';
export { settlementWorkflow } from './settlement.workflow.js';
export { webhookEndpointWorkflow } from './webhook-endpoint.workflow.js';
