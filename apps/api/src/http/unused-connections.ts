import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long requests that are being answered may hold up the end of the server, in milliseconds. Orchestrators kill it after thirty seconds. */
const graceMs = 10_000;

/**
 * Closes connections over which nothing has been asked when the server stops. Browsers open some in advance, and Node counts them as busy: the
 * server would wait a minute for their first request. The others are closed after a while, however slow their callers are.
 */
export function closeUnusedConnections(fastify: FastifyInstance): void {
  const unused = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  fastify.server.on('request', ({ socket }: { socket: Socket }) => unused.delete(socket));
  fastify.addHook('preClose', (done) => {
    for (const socket of unused) socket.destroy();
    setTimeout(() => fastify.server.closeAllConnections(), graceMs).unref();
    done();
  });
}
