import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const secretBytes = 32;

/** Makes a secret as Standard Webhooks writes it: `whsec_` and 32 random bytes in base64. */
export const newSecret = (): string => prefix + randomBytes(secretBytes).toString('base64');

export const isSecret = (text: string): boolean => /^whsec_[A-Za-z0-9+/]{16,}={0,2}$/.test(text);

export interface Signed {
  id: string;
  at: Date;
  body: string;
  /** With all of which it is signed, so that a receiver can change over from one to the next. */
  secrets: readonly string[];
}

/** Returns the headers of Standard Webhooks: id, time in seconds and one `v1` signature for each secret. */
export function signatureHeaders({ id, at, body, secrets }: Signed): Record<`webhook-${string}`, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const sign = (secret: string) =>
    `v1,${createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map(sign).join(' ') };
}
