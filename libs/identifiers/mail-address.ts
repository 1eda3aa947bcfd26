import { normaliseDomain } from './domain-name.js';
import { pasted } from './pasted.js';

export interface MailAddress {
  /** As written, in any script, so that it can be searched for. */
  address: string;
  /** As A-labels in lower case. */
  domain: string;
}

/** Parses an email address that can be used in an SMTP command; null if it cannot. Quoted addresses and address literals are not accepted. */
export function readMailAddress(text: string): MailAddress | null {
  const [, mailbox, host] = /^([^\s\p{Cc}@<>"(),:;[\]\\]+)@([^\s@]+)$/u.exec(pasted(text)) ?? [];
  if (mailbox === undefined || host === undefined || !mailbox.isWellFormed()) return null;
  const domain = normaliseDomain(host);
  if (domain === null || Buffer.byteLength(mailbox) > 64) return null;
  return Buffer.byteLength(`${mailbox}@${domain}`) > 254 ? null : { address: `${mailbox}@${host}`, domain };
}
