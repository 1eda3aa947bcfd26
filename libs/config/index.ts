export {
  type CliConfig,
  type Config,
  ConfigError,
  type ConfigFault,
  embeddedIssuer,
  issuerPath,
  readConfig,
  type SignInConfig,
} from './config.js';
export type { CodecKey } from './environment.schema.js';
export {
  type CallerLimit,
  callerLimits,
  type LinkLimitName,
  type RateLimit,
  rateLimitClasses,
  type RateLimitName,
} from './rate-limits.js';
export { type ConfigurationVariable, configurationVariables } from './variables.js';
