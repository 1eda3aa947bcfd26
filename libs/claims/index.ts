export { type Actor, systemActor } from './actor.js';
export {
  clockCalled,
  type ClockName,
  clockNames,
  clockRules,
  type ClockStart,
  type Deadline,
  extendableClocks,
  isAssociationClock,
  type PublicClockName,
  publicClockNames,
  type RunningClock,
} from './clocks.js';
export {
  type ClaimCommand,
  type CommandBodies,
  type CommandOf,
  type CommandType,
  type NoticeDelivery,
} from './commands.js';
export { type CommandPermission, commandTable, commandTypes } from './command-table.js';
export { type Candidate, type RivalryStep, rivalrySteps, type RivalsRecord, settleRivals } from './competition.js';
export { type Consequence, consequencesOf } from './consequences.js';
export {
  type CheckContext,
  type DecisionContext,
  type Holder,
  noRelatedClaims,
  type OwnLine,
  type Rival,
  type SignedEvidence,
  type RelatedClaims,
} from './context.js';
export { type Decision, decide } from './decide.js';
export type {
  ClaimContacts,
  ClaimDetails,
  ContactReference,
  CoverForm,
  EvidenceReference,
  LineDetails,
  RevenueReference,
} from './details.js';
export { shown } from './shown.js';
export { expire, expiredClock, needsDirectory } from './due.js';
export {
  type ClaimEvent,
  type EndReason,
  endReasons,
  type EventAuthor,
  type EventOf,
  type EventType,
  type NoticeRecipient,
  type OfficialLine,
} from './events.js';
export { evolve, fold } from './evolve.js';
export type {
  DirectoryFacts,
  IdentifierFacts,
  LocationFacts,
  PersonReference,
  RecordRemark,
  SubscriptionFacts,
  TenantFacts,
  UnusableRecord,
} from './facts.js';
export type { Finding } from './findings.js';
export { compareInstants, earliestOf, isBefore, isNoEnd, latestOf, noEndFrom } from './instants.js';
export { openPhases, type Phase, phases, statusLabel, statusLabels, statusLabels2021, undecidedPhases } from './phases.js';
export type { ClaimPolicy, Consent, DeadlineUnit, ExclusivityKey } from './policy.js';
export { type Alarm, isSameWait, nextDeadlineAt, type Position, positionOf, type Waiting } from './position.js';
export { isChoiceOpen, rivalPhases } from './rules/rivalry.js';
export { rivalriesOf, type Rivalry } from './rules/rivals.js';
export { isUnreached } from './rules/notice.js';
export { checkNewClaim } from './rules/submission.js';
export { editability, evidencePhases } from './rules/draft.js';
export {
  type ChoiceState,
  type ClaimState,
  initialState,
  disputedDeciders,
  reviewerOf,
  isWindowBeyondCoverage,
  lacksConsent,
  linesIn,
  type LineState,
  noticesTo,
  type NoticeState,
  type OfficialState,
  openSignature,
  phaseOf,
  type SignatureState,
  targetOf,
} from './state.js';
export {
  type Eligibility,
  eligibilityOf,
  type EligibilityQuestion,
  eligibilityTargets,
} from './validation/eligibility.js';
export { claimedTargets, renewedTargets } from './validation/subscriptions.js';
export { validate, validationRules } from './validation/validate.js';
