import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { EntityManager } from 'typeorm';

type Queryable = Pick<EntityManager, 'query'>;

/** What links are made with: the address that customers reach the API at, and the secret key (`CPOR_LINK_KEY`). */
export interface LinkMaker {
  publicUrl: string;
  linkKey: Uint8Array;
}

/*
 * The life of a customer's link, `<public URL>/n/<token>`:
 *
 * 1. Made: the token is derived from the recipient's ID and the secret key, so the same recipient always gets the same link, and a mail
 *    that is sent twice holds no dead one (ADR 4).
 * 2. Valid once `notice_recipients.token_hash` holds its hash, and as long as it does. The database never has the token itself.
 * 3. Checked: `readNotice` looks the hash up; `apps/api/src/customer-page` serves the page, and answers any other token as unknown.
 * 4. Voided: erasure clears the hash when the claim's retention is over (`libs/retention/personal-places.ts`). Nothing else ends a link: an
 *    answer, a withdrawal or the end of the window only changes what its page shows and takes, for the link leads to the receipt and ends
 *    an association later. A new key changes future links only.
 */

/** Returns the recipient's link, whether it is valid yet or not. */
export const linkUrl = ({ publicUrl, linkKey }: LinkMaker, recipientId: string): string =>
  urlOf(publicUrl, linkToken(linkKey, recipientId));

/** Returns the link of a token, as its holder uses it. */
export const urlOf = (publicUrl: string, token: string): string => `${publicUrl}/n/${token}`;

/** Returns the public URL that a customer's link begins with. */
export const publicUrlOf = (url: string): string => url.slice(0, url.lastIndexOf('/n/'));

/** Returns the address of the page that explains a programme to customers. */
export const explanationUrl = (publicUrl: string, programme: string): string =>
  `${publicUrl}/partner-of-record/${encodeURIComponent(programme)}`;

/**
 * Returns the code of the copy for reading: the recipient's ID and a code that only who knows the link's hash can make. The link cannot be
 * made from it, so its holder can read and not answer (ADR 30). It is void as soon as the link is.
 */
export function copyCode(recipientId: string, tokenHash: Buffer): string {
  const proof = createHmac('sha256', tokenHash).update(`notice-copy/${recipientId}`).digest('base64url');
  return `${recipientId}.${proof}`;
}

/** Returns the address of the copy for reading. */
export const copyUrlOf = (publicUrl: string, code: string): string => `${publicUrl}/n/copy/${code}`;

/** Returns the hash of the link that a copy was made of, or null when no valid link made this code. */
export async function copiedLink(database: Queryable, code: string): Promise<Buffer | null> {
  const recipientId = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[\w-]{43}$/.exec(code)?.[1];
  if (recipientId === undefined) return null;
  const [row] = await database.query<{ tokenHash: Buffer | null }[]>(
    'SELECT token_hash AS "tokenHash" FROM notice_recipients WHERE recipient_id = $1',
    [recipientId],
  );
  const hash = row?.tokenHash ?? null;
  return hash !== null && timingSafeEqual(Buffer.from(copyCode(recipientId, hash)), Buffer.from(code)) ? hash : null;
}

/**
 * Returns the hash that makes the recipient's link valid once `notice_recipients.token_hash` holds it. A link that was made with an earlier key is
 * void from then on: the mail that carries it never left.
 */
export const linkHash = ({ linkKey }: Pick<LinkMaker, 'linkKey'>, recipientId: string): Buffer =>
  hashToken(linkToken(linkKey, recipientId));

/**
 * Returns the recipient's link for a later letter, and makes it valid if an answer overtook the notice that was to bring it. Returns null
 * when the valid link was made with an earlier key: that one is in the customer's hands and stays.
 */
export async function reuseLink(database: Queryable, maker: LinkMaker, recipientId: string): Promise<string | null> {
  const hash = linkHash(maker, recipientId);
  const [[row]] = await database.query<[[{ isValid: boolean } | undefined]]>(
    `UPDATE notice_recipients SET token_hash = coalesce(token_hash, $2) WHERE recipient_id = $1 RETURNING token_hash = $2 AS "isValid"`,
    [recipientId, hash],
  );
  return row?.isValid ? linkUrl(maker, recipientId) : null;
}

/** The secret part of a link: 256 bits that only the holder of the key can make. */
const linkToken = (key: Uint8Array, recipientId: string): string =>
  createHmac('sha256', key).update(`notice-link/${recipientId}`).digest('base64url');

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();
