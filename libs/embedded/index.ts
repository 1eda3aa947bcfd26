export type { StackAddresses, StackPorts } from './addresses.js';
export { checkoutRoot, temporalBinary } from './checkout.js';
export { type Child, type ChildExit, type ChildOptions } from './child.js';
export { endProcess } from './end-process.js';
export type { Part } from './part.js';
export { findFreePort } from './ports.js';
export { type DatabaseUrls, dropPostgres, type EmbeddedPostgres, type PostgresOptions, startPostgres } from './postgres.js';
export { type Pair, type Stack, type StackOptions, type StackParts, startStack } from './stack.js';
export { createNamespace, type EmbeddedTemporal, startTemporal, type TemporalOptions } from './temporal.js';
export {
  chooseServerPorts,
  dropTemporalStore,
  openTemporalStore,
  startTemporalServer,
  type TemporalServerOptions,
  type TemporalServerPorts,
  type TemporalStore,
} from './temporal-server.js';
export { waitUntil } from './wait.js';
