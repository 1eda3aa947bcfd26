import { CporError } from './errors.js';
import type { WebhookEvent } from './generated/types.gen.js';

/** `webhook-id` of the message: the same at every attempt, so that you can recognise what you have processed. */
export type VerifiedWebhook<Event = WebhookEvent> = Event & { readonly webhookId: string };

export type WebhookFault =
  | 'header_missing'
  | 'timestamp_invalid'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'signature_mismatch'
  | 'body_invalid';

/** The message does not come from the installation, or is repeated by somebody else. Answer it with 400. */
export class WebhookVerificationError extends CporError {
  override readonly name = 'WebhookVerificationError';

  constructor(
    readonly code: WebhookFault,
    message: string,
  ) {
    super(message);
  }
}

export interface VerifyOptions {
  /** How far the message's time may be from now, in seconds. Default: 300. */
  toleranceSeconds?: number;
  /** Default: the machine's clock. */
  now?: Date;
}

/** Headers as `fetch`, Node, Express or Fastify give them. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Verifies a webhook (Standard Webhooks 1.0, symmetric signatures `v1`) and returns its event; its `type` says what `data` holds. The body is trusted
 * to be what the contract says, and not checked again. For an endpoint whose format is `cloudevents`: `verifyWebhook<WebhookCloudEvent>(…)`.
 * @param body the raw body, exactly as it arrived: parsing it first and writing it again changes it
 * @param secrets `whsec_…`; several while one replaces another
 * @throws WebhookVerificationError
 */
export async function verifyWebhook<Event extends object = WebhookEvent>(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, now = new Date() }: VerifyOptions = {},
): Promise<VerifiedWebhook<Event>> {
  const webhookId = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature').split(' ');
  checkAge(timestamp, now, toleranceSeconds);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const signed = joined(new TextEncoder().encode(`${webhookId}.${timestamp}.`), bytes);
  const given = signatures.flatMap((signature) => (signature.startsWith('v1,') ? (decoded(signature.slice('v1,'.length)) ?? []) : []));
  const keys = await Promise.all((typeof secrets === 'string' ? [secrets] : secrets).map(keyOf));
  for (const key of keys) {
    // WebCrypto compares in constant time.
    for (const signature of given) if (await crypto.subtle.verify('HMAC', key, signature, signed)) return eventOf<Event>(bytes, webhookId);
  }
  throw new WebhookVerificationError(
    'signature_mismatch',
    'No signature fits: the secret is another one, or the body was changed or parsed before.',
  );
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const found = headers instanceof Headers ? headers.get(name) : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const value = typeof found === 'object' ? found?.join(' ') : found;
  if (!value) throw new WebhookVerificationError('header_missing', `The header ${name} is missing.`);
  return value;
}

function checkAge(timestamp: string, now: Date, toleranceSeconds: number): void {
  if (!/^\d{1,12}$/.test(timestamp))
    throw new WebhookVerificationError('timestamp_invalid', 'The header webhook-timestamp is not a number of seconds since 1970.');
  const ageSeconds = now.getTime() / 1000 - Number(timestamp);
  if (ageSeconds > toleranceSeconds)
    throw new WebhookVerificationError(
      'timestamp_too_old',
      `The message is ${Math.round(ageSeconds)} seconds old; ${toleranceSeconds} are allowed.`,
    );
  if (-ageSeconds > toleranceSeconds)
    throw new WebhookVerificationError(
      'timestamp_too_new',
      'The message comes from the future: compare the clocks of sender and receiver.',
    );
}

/** @throws TypeError for a secret that cannot be one, since that is a mistake of the receiver. */
function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = decoded(secret.replace(/^whsec_/, ''));
  if (bytes === null || bytes.byteLength === 0) throw new TypeError('A webhook secret is "whsec_" followed by base64.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function decoded(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.byteLength + second.byteLength);
  all.set(first);
  all.set(second, first.byteLength);
  return all;
}

function eventOf<Event extends object>(bytes: Uint8Array, webhookId: string): VerifiedWebhook<Event> {
  try {
    const event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    if (typeof event === 'object' && event !== null) return { ...(event as Event), webhookId };
  } catch {
    // Signed, but not JSON: reported below.
  }
  throw new WebhookVerificationError('body_invalid', 'The body is signed, but is not a JSON object.');
}
