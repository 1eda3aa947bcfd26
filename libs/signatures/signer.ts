import { randomBytes } from 'node:crypto';
import { canonicalJson } from '#libs/event-store/index.js';
import { sha256Of } from './statement.js';

/** Who signed, as typed and as seen by the server. Personal data: the event has only its hash. */
export interface Signer {
  name: string;
  title: string;
  /** The address that both link and code were sent to. */
  email: string;
  /** Network address of the request. */
  address: string;
  browser: string;
  /** Keeps the hash from telling a name by guessing, also once the record is erased. */
  salt: string;
}

export const newSigner = (typed: Omit<Signer, 'salt'>): Signer => ({ ...typed, salt: randomBytes(16).toString('hex') });

export const signerHash = (signer: Signer): string => sha256Of(canonicalJson(signer));
