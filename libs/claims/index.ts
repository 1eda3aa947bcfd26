export { type Actor, systemActor } from './actor.js';
export { type ClockName, clockNames, clockRules, type ClockStart, type Deadline, type RunningClock } from './clocks.js';
export {
  type ClaimCommand,
  type CommandBodies,
  type CommandOf,
  commandRules,
  type CommandType,
  type NoticeDelivery,
  type StoredCommand,
} from './commands.js';
export type { DecisionContext, Holder } from './context.js';
export { type Decision, decide } from './decide.js';
export type { ClaimContacts, ClaimDetails, ContactReference, EvidenceReference, LineDetails, RevenueReference } from './details.js';
export { expire, expiredClock, needsDirectory } from './due.js';
export type { ClaimEvent, EventAuthor, EventOf, EventType, NoticeRecipient, OfficialLine } from './events.js';
export { evolve, fold } from './evolve.js';
export type { DirectoryFacts, IdentifierFacts, LocationFacts, PersonReference, SubscriptionFacts, TenantFacts } from './facts.js';
export type { Finding } from './findings.js';
export { type Phase, phases, statusLabels } from './phases.js';
export { type ClaimPolicy, type DeadlineUnit } from './policy.js';
export { type Position, positionOf, type Waiting } from './position.js';
export { editability, evidencePhases } from './rules/draft.js';
export { type ClaimState, initialState, type LineState, type NoticeState, phaseOf, targetOf } from './state.js';
export { type Audience, type TimelineEntry, timelineEntry, type TimelineWording } from './timeline.js';
export {
  type Eligibility,
  eligibilityOf,
  type EligibilityQuestion,
  eligibilityTargets,
} from './validation/eligibility.js';
export { validationRules } from './validation/validate.js';
