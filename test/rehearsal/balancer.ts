import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Spreads requests over API processes, as the load balancer of an installation does. It repeats nothing: a request that fails has failed. */
export class Balancer {
  private readonly upstreams: string[] = [];
  private turn = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('request', (incoming, answer) => {
      const upstream = this.upstreams[this.turn++ % this.upstreams.length];
      if (upstream === undefined) return answer.writeHead(503).end();
      const { method, headers, url: path } = incoming;
      const outgoing = request(`${upstream}${path}`, { method, headers, agent: false }, (response) => {
        answer.writeHead(response.statusCode!, response.headers);
        response.pipe(answer);
      });
      outgoing.on('error', () => answer.writeHead(502).end());
      return incoming.pipe(outgoing);
    });
  }

  static async start(): Promise<Balancer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Balancer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  add(url: string): void {
    this.upstreams.push(url);
  }

  remove(url: string): void {
    this.upstreams.splice(this.upstreams.indexOf(url), 1);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
