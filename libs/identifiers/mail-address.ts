import { normaliseDomain } from './domain-name.js';
import { pasted } from './pasted.js';

export interface MailAddress {
  /** As it is written, in any script: by these very words somebody will look for it. */
  address: string;
  /** As A-labels in lower case. */
  domain: string;
}

/** A mail address that can be written in an SMTP command, or null. Addresses in quotes and address literals are not taken. */
export function readMailAddress(text: string): MailAddress | null {
  const [, mailbox, host] = /^([^\s\p{Cc}@<>"(),:;[\]\\]+)@([^\s@]+)$/u.exec(pasted(text)) ?? [];
  if (mailbox === undefined || host === undefined || !mailbox.isWellFormed()) return null;
  const domain = normaliseDomain(host);
  if (domain === null || Buffer.byteLength(mailbox) > 64) return null;
  return Buffer.byteLength(`${mailbox}@${domain}`) > 254 ? null : { address: `${mailbox}@${host}`, domain };
}
