import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const loopback = '127.0.0.1';

/**
 * Below the range from which systems assign ports to outgoing connections: a free port in that range may be taken by a connection before our
 * server listens on it.
 */
const [lowest, highest] = [15_000, 32_000];
const attempts = 50;

/** Returns the preferred port if it is free on the loopback address, otherwise any free one. */
export async function findFreePort(preferred = 0): Promise<number> {
  if (preferred !== 0) {
    const port = await listenOnce(preferred);
    if (port !== undefined) return port;
  }
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = await listenOnce(randomInt(lowest, highest));
    if (port !== undefined) return port;
  }
  throw new Error(`No free port was found on ${loopback}.`);
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: loopback, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
