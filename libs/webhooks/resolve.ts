import { lookup, Resolver } from 'node:dns/promises';

export type Addresses = { address: string; family: number }[];
/** Returns the addresses of a host name, or throws an error with the code of `node:dns`. */
export type Resolve = (hostname: string) => Promise<Addresses>;

export interface ResolverOptions {
  /** Name servers (address with port); default: the system's. */
  servers?: string[];
  /** Look-up by the operating system, which knows more than name servers do. */
  system?: Resolve;
  /** After which a name server is asked once more, and then given up. */
  timeoutMs?: number;
}

/** Look-ups by the operating system at a time. */
const systemLookupsAtOnce = 2;
const machineNames = /(^|\.)localhost\.?$/;
/** What name servers say of a host that only the operating system may know, and what is said when there are none. */
const unknown = ['ENOTFOUND', 'ENODATA', 'ECONNREFUSED'];

/**
 * Creates a resolver that asks name servers by itself. The operating system's look-up occupies one of the few threads that Node.js has for
 * everything: a handful of hosts whose name servers do not answer would hold up all others. So it is only asked for what name servers do not
 * know, such as /etc/hosts, and by few at a time.
 */
export function createResolver(options: ResolverOptions = {}): Resolve {
  const { servers, system = (hostname) => lookup(hostname, { all: true }), timeoutMs = 2_000 } = options;
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const ask = limited(system, systemLookupsAtOnce);
  return async (hostname) => {
    if (machineNames.test(hostname)) return ask(hostname);
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [...ofFamily(four, 4), ...ofFamily(six, 6)];
    if (found.length > 0) return found;
    const faults = [four, six].flatMap((result) => (result.status === 'rejected' ? [result.reason as NodeJS.ErrnoException] : []));
    const fault = faults.find(({ code = '' }) => !unknown.includes(code));
    if (fault !== undefined) throw fault;
    return ask(hostname);
  };
}

const ofFamily = (result: PromiseSettledResult<string[]>, family: number): Addresses =>
  result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];

/** Calls a function so many times at once at most, and others when it is their turn. */
function limited(call: Resolve, atOnce: number): Resolve {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (hostname) => {
    // A place is handed on to whoever waits, so it stays taken.
    if (running < atOnce) running++;
    else await new Promise<void>((proceed) => waiting.push(proceed));
    try {
      return await call(hostname);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
