import { isIP } from 'node:net';
import type { AddressGuard } from './address-guard.js';

export interface UrlRules {
  /** For a sandbox. */
  allowHttp: boolean;
  guard: AddressGuard;
}

/** Names that mean this machine or its own network, whatever a resolver says. */
const machineNames = /(^|\.)localhost$/;
const networkNames = /(^|\.)(local|internal|home\.arpa)$/;

/** The host of a URL as an IP address, or null when it is a name. The parser of URLs has turned every notation of IPv4 into the usual one. */
export function literalAddress({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? null : host;
}

/** Checks the URL of an endpoint when it is registered. Returns it in its normal form, or what is wrong with it. */
export function checkUrl(text: string, { allowHttp, guard }: UrlRules): { url: string } | { fault: string } {
  if (!URL.canParse(text)) return { fault: 'Must be a URL such as https://partner.example/cpor.' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) return { fault: 'Must start with https://.' };
  if (url.username !== '' || url.password !== '') return { fault: 'Must not contain a user or a password: verify the signature instead.' };
  // An empty fragment is none to the parser.
  if (url.href.includes('#')) return { fault: 'Must not contain a fragment (#).' };
  const host = url.hostname.replace(/\.+$/, '');
  const address = literalAddress(url);
  if (!(address === null ? mayBeReachable(host, guard) : guard.isAllowed(address)))
    return { fault: 'Must be a public address. An operator can allow a private network with CPOR_WEBHOOK_NETWORKS.' };
  if (address === null && !host.includes('.') && host !== 'localhost')
    return { fault: 'Must contain a full host name, such as partner.example.' };
  return { url: url.href };
}

/** What a name resolves to is judged when a connection is made; here are refused only those that cannot become reachable. */
function mayBeReachable(host: string, guard: AddressGuard): boolean {
  if (machineNames.test(host)) return guard.isAllowed('127.0.0.1') || guard.isAllowed('::1');
  return guard.allowsNetworks || !networkNames.test(host);
}
