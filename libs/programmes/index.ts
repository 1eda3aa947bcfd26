export {
  type Activity,
  type Area,
  type AutomaticApproval,
  type Clocks,
  type ConsentRule,
  type ConsentWindowUnit,
  type EvidenceRules,
  type EvidenceType,
  type Policy,
  type Product,
  type Reason,
  type RejectionReason,
  type StatementField,
  type StatementOfWork,
  type StatementTemplate,
  type StatementText,
  type Text,
  type Unit,
  type UsageRules,
} from './policy.js';
export { type ParsedPolicy, parsePolicy } from './parse-policy.js';
export type { PolicyFault } from './policy-consistency.js';
export { programmeDocument, programmeJsonSchema } from './policy-schema.js';
export { samplePolicies, samplePolicy } from './sample-policies.js';
export {
  fillStatement,
  type StatementPlaceholder,
  statementPlaceholders,
  textOfStatement,
} from './statement-of-work.js';
export { ProgrammeLibrary } from './programme-library.js';
