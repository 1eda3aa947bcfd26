export { createClient, Cpor } from './client.js';
export { ConnectionError, CporError, type FieldError, isProblem, OutcomePendingError, ProblemError } from './errors.js';
export type { FollowOptions } from './follow.js';
export type { ClientOptions, IfMatch, KeyOptions, RequestOptions, Retry } from './options.js';
export { type Page, Pages } from './pages.js';
export { etagOf, type Version } from './versions.js';
export { TimeoutError, until, type UntilOptions } from './until.js';
export {
  verifyWebhook,
  type VerifiedWebhook,
  type VerifyOptions,
  type WebhookFault,
  type WebhookHeaders,
  WebhookVerificationError,
} from './webhooks.js';
export type * from './generated/types.gen.js';
