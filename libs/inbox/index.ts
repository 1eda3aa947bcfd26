export {
  type Acceptance,
  type AcceptedCommand,
  acceptCommand,
  type CommandOutcome,
  findCommand,
  findCreatingCommand,
  type NewCommand,
  type PersonalItem,
} from './accept-command.js';
export { lookUpForClosings } from './closing-look-ups.js';
export { commandIdOf, fingerprintOf } from './command-id.js';
export { BlockedByOtherClaim } from './consequences.js';
export { decisionContext } from './decision-context.js';
export { askDirectory, askDirectoryInTime, type DirectoryEvidence, domainOf, lookUpForClaim } from './directory-look-up.js';
export {
  executeCommands,
  type Executed,
  executeNewClaim,
  executeWithin,
  type Execution,
  inTransaction,
  sendAndExecute,
  sendTogether,
  type Together,
} from './execute-commands.js';
export { type CommandContent, contentWithText, sendCommand, type SentCommand, textItem } from './send-command.js';
export { verifyStates } from './verify-states.js';
