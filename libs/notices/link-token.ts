import { createHash, createHmac } from 'node:crypto';

/**
 * The secret part of a customer's link: 256 bits that only the holder of the key can make. The same recipient always gets the same
 * link, so that a mail sent twice holds no dead one; the database keeps the hash alone.
 */
export const linkToken = (key: Uint8Array, recipientId: string): string =>
  createHmac('sha256', key).update(`notice-link/${recipientId}`).digest('base64url');

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();
