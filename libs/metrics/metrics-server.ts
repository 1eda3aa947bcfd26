import { createServer, type Server } from 'node:http';
import type { Registry } from '@prometheus-io/client';

/**
 * Serves the metrics of a process at `/metrics`, on an address of its own, so that who reaches the product does not reach them. `/livez` there says
 * that the process runs and checks nothing else: the worker has no other address that a supervisor could ask.
 */
export class MetricsServer {
  private server: Server | undefined;

  /** @param address host and port, such as `127.0.0.1:9464` or `[::]:9464` */
  constructor(
    readonly registry: Registry,
    private readonly address: string | null,
  ) {}

  /** Listens, if an address is set. Rejects if it is taken. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.address === null) return;
    const { hostname, port } = new URL(`http://${this.address}`);
    const server = createServer((request, response) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (isRead && request.url === '/livez') return void response.writeHead(200).end('ok\n');
      if (!isRead || request.url !== '/metrics') return void response.writeHead(404).end('Metrics are at GET /metrics.\n');
      this.registry.metrics().then(
        (text) => response.writeHead(200, { 'Content-Type': this.registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    server.requestTimeout = 10_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const isTaken = error.code === 'EADDRINUSE';
        reject(isTaken ? new Error(`The address of CPOR_METRICS, ${this.address}, is in use. Each process needs one of its own.`) : error);
      });
      server.listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ''), resolve);
    });
    this.server = server;
  }

  beforeApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
