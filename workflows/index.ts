export { claimWorkflow } from './claim.workflow.js';
export { reconciliationWorkflow } from './reconciliation.workflow.js';
