export { createAddressGuard } from './address-guard.js';
export { type Attempt, type Delivery, type DeliveryState, deliveryStates } from './delivery.js';
export { deliverToEndpoint, type DeliveryDependencies } from './deliver.js';
export { enqueue, findDelivery, listDeliveries, replaySince, retryDelivery, retryGivenUp } from './delivery-store.js';
export { tellOwner } from './disabled-mail.js';
export { dispatchWebhooks, forgetOldDeliveries, hasEndpoints, keptDays } from './dispatch.js';
export {
  disabledReasons,
  type Endpoint,
  type EndpointOwner,
  type EndpointSettings,
  type WebhookFormat,
  webhookFormats,
} from './endpoint.js';
export { EndpointSecrets, type SealedSecret } from './endpoint-secrets.js';
export {
  addEndpoint,
  changeEndpoint,
  disableEndpoint,
  enableEndpoint,
  findEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
} from './endpoint-store.js';
export { createPoster, type Poster } from './post.js';
export { isSecret, newSecret, signatureHeaders } from './signature.js';
export { checkUrl } from './webhook-url.js';
export { webhookRootKey } from './root-key.js';
export { bodyOf, contentTypes, testType, type WebhookEvent, webhookEventOf } from './payload.js';
