import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A pair of sockets that belong together; without a far side, nobody was called for it. */
interface Passage {
  near: Socket;
  far: Socket | null;
  isFrozen: boolean;
  /** The client has closed its side, or broken off. */
  wasLeft: boolean;
}

/**
 * Stands between a client and a server, and behaves as the network does when a host vanishes: sockets stay open and pass nothing in
 * either direction, and whoever connects anew is let in and never answered.
 */
export class FrozenProxy {
  private readonly passages = new Set<Passage>();
  private swallows = false;

  private readonly fars = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {}

  static async open(target: { host?: string; port: number }): Promise<FrozenProxy> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const proxy = new FrozenProxy(server, { host: '127.0.0.1', ...target });
    server.on('connection', (near) => proxy.take(near));
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The same address with this proxy in the server's place. */
  inFrontOf(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(this.port);
    return changed.href;
  }

  /** How many of the sockets that were frozen are still held open by their client. */
  get held(): number {
    return [...this.passages].filter(({ isFrozen, wasLeft }) => isFrozen && !wasLeft).length;
  }

  get connections(): number {
    return this.passages.size;
  }

  /** Nothing passes any more, on sockets old and new. */
  freeze(): void {
    this.swallows = true;
    for (const passage of this.passages) passage.isFrozen = true;
  }

  /** Another host takes over: new connections are served, the old ones stay frozen. */
  takeOver(): void {
    this.swallows = false;
  }

  /** Ends every connection as a host does that says so. */
  cut(): void {
    for (const { near, far } of this.passages) {
      near.resetAndDestroy();
      far?.resetAndDestroy();
    }
    this.passages.clear();
  }

  async close(): Promise<void> {
    for (const socket of [...this.fars, ...[...this.passages].map(({ near }) => near)]) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(near: Socket): void {
    const far = this.swallows ? null : connect({ ...this.target, allowHalfOpen: true });
    if (far !== null) this.fars.add(far.once('close', () => this.fars.delete(far)));
    const passage: Passage = { near, far, isFrozen: far === null, wasLeft: false };
    this.passages.add(passage);
    near.on('error', () => undefined);
    near.on('data', (chunk) => passage.isFrozen || far?.write(chunk));
    near.once('end', () => {
      passage.wasLeft = true;
      if (!passage.isFrozen) far?.end();
    });
    near.once('close', () => {
      this.passages.delete(passage);
      // The server of a client that vanished is not told either.
      if (!passage.isFrozen) far?.destroy();
    });
    far?.on('error', () => passage.isFrozen || near.destroy());
    far?.on('data', (chunk) => passage.isFrozen || near.write(chunk));
    far?.once('end', () => passage.isFrozen || near.end());
    near.resume();
  }
}
