import { createHmac } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { hashToken, type LinkMaker } from './customer-link.js';

type Queryable = Pick<EntityManager, 'query'>;

/*
 * The life of a link to sign, `<public URL>/s/<token>`: made as a customer's link is (ADR 4), from the request, its addressee and the secret key,
 * and valid once `signature_requests.token_hash` holds its hash. Forwarding clears the hash, so the link of whoever forwarded is void at once.
 * A closed request keeps its link, which then shows the receipt; erasure clears it with the claim.
 *
 * A code is derived from its ID and the same key, so a mail that is sent twice holds the same code. The database has only a hash, whose key is the
 * link: neither the code nor a guess at it can be checked without the link.
 */

export interface SignatureAddressee {
  signatureId: string;
  personId: string;
}

const signatureUrlOf = (publicUrl: string, token: string): string => `${publicUrl}/s/${token}`;

const tokenOf = ({ linkKey }: LinkMaker, { signatureId, personId }: SignatureAddressee): string =>
  createHmac('sha256', linkKey).update(`signature-link/${signatureId}/${personId}`).digest('base64url');

/**
 * Returns the addressee's link for a mail and makes it valid; one that was made with an earlier key is void from then on. Returns null when the
 * request has another addressee by now.
 */
export async function openSignatureLink(database: Queryable, maker: LinkMaker, addressee: SignatureAddressee): Promise<string | null> {
  const token = tokenOf(maker, addressee);
  const [, count] = await database.query<[unknown, number]>(
    'UPDATE signature_requests SET token_hash = $3 WHERE signature_id = $1 AND person_id = $2',
    [addressee.signatureId, addressee.personId, hashToken(token)],
  );
  return count === 0 ? null : signatureUrlOf(maker.publicUrl, token);
}

/** Returns the code for a mail and makes it the only valid one, with all its tries, unless a repeat of the mail did so before. */
export async function openSignatureCode(
  database: Queryable,
  maker: LinkMaker,
  addressee: SignatureAddressee,
  codeId: string,
): Promise<string> {
  const number = createHmac('sha256', maker.linkKey).update(`signature-code/${codeId}`).digest().readUIntBE(0, 6);
  const code = String(number % 1_000_000).padStart(6, '0');
  await database.query(
    `UPDATE signature_requests SET code_id = $3, code_hash = $4, code_tries = 0
     WHERE signature_id = $1 AND person_id = $2 AND code_id IS DISTINCT FROM $3`,
    [addressee.signatureId, addressee.personId, codeId, hashCode(tokenOf(maker, addressee), codeId, code)],
  );
  return code;
}

/** Hashes a code with the link as the key. */
export const hashCode = (token: string, codeId: string, code: string): Buffer =>
  createHmac('sha256', token).update(`signature-code/${codeId}/${code}`).digest();
