import { BlockList, isIP } from 'node:net';

/** Networks that are not public, or whose addresses stand for others that may not be. */
const refusedNetworks = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // IPv6: everything but 2000::/3, and in it what embeds IPv4 addresses or is for documentation.
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
] as const;

export interface AddressGuard {
  /** Returns whether an IP address may be connected to. What is no address may not. */
  isAllowed(address: string): boolean;
  /** Whether an operator allows any network that would be refused otherwise. */
  readonly allowsNetworks: boolean;
}

/** Creates a guard that lets through public addresses, and those in the networks that an operator allows (CIDR). */
export function createAddressGuard(allowedNetworks: readonly string[]): AddressGuard {
  const [refused, allowed] = [listOf(refusedNetworks), listOf(allowedNetworks)];
  return {
    allowsNetworks: allowedNetworks.length > 0,
    isAllowed(given) {
      const address = embeddedAddress(given.replace(/%.*$/, ''));
      const family = isIP(address);
      if (family === 0) return false;
      const kind = family === 4 ? 'ipv4' : 'ipv6';
      return allowed[kind].check(address, kind) || !refused[kind].check(address, kind);
    },
  };
}

/** A list for each family: one for both would find every IPv4 address in the IPv6 networks that cover its mapped form. */
function listOf(networks: readonly string[]): Record<'ipv4' | 'ipv6', BlockList> {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const network of networks) {
    const [address, bits] = network.split('/') as [string, string];
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    lists[family].addSubnet(address, Number(bits), family);
  }
  return lists;
}

/**
 * An IPv6 address that stands for an IPv4 one counts as that: mapped, or translated by NAT64, which is how a network without IPv4 reaches the rest.
 * Other ways to embed IPv4 addresses are out of use, and refused.
 */
function embeddedAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  // The parser of URLs writes any notation in the shortest form, with hexadecimal groups only.
  const [, high, low] = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(new URL(`http://[${address}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return address;
  const [left, right] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [left >> 8, left & 255, right >> 8, right & 255].join('.');
}
