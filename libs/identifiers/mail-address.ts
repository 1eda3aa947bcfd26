import { normaliseDomain } from './domain-name.js';
import { pasted } from './pasted.js';

export interface MailAddress {
  /** With its domain as A-labels; what stands before the @ may be of any script. */
  address: string;
  domain: string;
}

/** A mail address that can be written in an SMTP command, or null. Addresses in quotes and address literals are not taken. */
export function readMailAddress(text: string): MailAddress | null {
  const [, mailbox, host] = /^([^\s\p{Cc}@<>"(),:;[\]\\]+)@([^\s@]+)$/u.exec(pasted(text)) ?? [];
  if (mailbox === undefined || host === undefined || !mailbox.isWellFormed()) return null;
  const domain = normaliseDomain(host);
  if (domain === null || Buffer.byteLength(mailbox) > 64) return null;
  const address = `${mailbox}@${domain}`;
  return Buffer.byteLength(address) > 254 ? null : { address, domain };
}
