export {
  type Activity,
  activityIn,
  type Area,
  type Clocks,
  type ConsentWindowUnit,
  type EvidenceRules,
  type EvidenceType,
  type Policy,
  type Product,
  type Reason,
  type RejectionReason,
  type Text,
  type Unit,
} from './policy.js';
export { type ParsedPolicy, parsePolicy, type PolicyFault } from './policy-schema.js';
export { samplePolicies, samplePolicy } from './sample-policies.js';
