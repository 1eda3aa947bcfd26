import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A connection through the proxy; `far` is null if the server was never called. */
interface Passage {
  near: Socket;
  far: Socket | null;
  isFrozen: boolean;
  /** Whether the client has closed its side. */
  wasLeft: boolean;
}

/**
 * Use it to test a host that vanishes: a proxy whose open sockets then pass nothing in either direction, and which accepts new connections
 * but never answers them.
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

  /** Returns the URL with this proxy in the server's place. */
  urlThrough(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(this.port);
    return changed.href;
  }

  /** How many frozen sockets their clients still hold open. */
  get held(): number {
    return [...this.passages].filter(({ isFrozen, wasLeft }) => isFrozen && !wasLeft).length;
  }

  get connections(): number {
    return this.passages.size;
  }

  /** Stops all traffic on old and new sockets. */
  freeze(): void {
    this.swallows = true;
    for (const passage of this.passages) passage.isFrozen = true;
  }

  /** Serves new connections, as when another host takes over; the old ones stay frozen. */
  takeOver(): void {
    this.swallows = false;
  }

  /** Resets every connection. */
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
      // While frozen, the server does not learn that the client is gone.
      if (!passage.isFrozen) far?.destroy();
    });
    far?.on('error', () => passage.isFrozen || near.destroy());
    far?.on('data', (chunk) => passage.isFrozen || near.write(chunk));
    far?.once('end', () => passage.isFrozen || near.end());
    near.resume();
  }
}
