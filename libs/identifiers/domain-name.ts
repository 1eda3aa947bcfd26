import { domainToASCII } from 'node:url';
import { pasted } from './pasted.js';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const hostName = new RegExp(`^(?:${label}\\.)+${label}$`);

/** Returns the domain as lower-case A-labels; null unless it is a host name of at least two labels and at most 253 octets. */
export function normaliseDomain(text: string): string | null {
  const bare = pasted(text);
  // Otherwise the URL parser would silently drop or decode these.
  if (/[\s/\\?#:@%]/.test(bare)) return null;
  const domain = domainToASCII(bare);
  const isAddress = /^[0-9.]+$/.test(domain);
  return domain.length <= 253 && hostName.test(domain) && !isAddress ? domain : null;
}
