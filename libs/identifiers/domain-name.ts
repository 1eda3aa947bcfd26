import { domainToASCII } from 'node:url';
import { pasted } from './pasted.js';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const hostName = new RegExp(`^(?:${label}\\.)+${label}$`);

/** The domain as A-labels in lower case, or null when it is not a host name of two labels or more and at most 253 octets. */
export function normaliseDomain(text: string): string | null {
  const bare = pasted(text);
  // Otherwise these would be read as parts of a URL and silently dropped or decoded.
  if (/[\s/\\?#:@%]/.test(bare)) return null;
  const domain = domainToASCII(bare);
  const isAddress = /^[0-9.]+$/.test(domain);
  return domain.length <= 253 && hostName.test(domain) && !isAddress ? domain : null;
}
