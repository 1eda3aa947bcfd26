export {
  type Acceptance,
  type AcceptedCommand,
  acceptCommand,
  commandIdOf,
  type CommandOutcome,
  fingerprintOf,
  findCommand,
  findMaking,
  type NewCommand,
  type PersonalItem,
} from './accept-command.js';
export { isAwaitingDirectory, lookUpForClosings } from './closing-look-ups.js';
export { askDirectory, askDirectoryInTime, type DirectoryEvidence, domainOf, lookUpForClaim } from './directory-look-up.js';
export { decisionContext } from './decision-context.js';
export { executeCommands, executeWithin, type Execution, OtherClaimWaits } from './execute-commands.js';
