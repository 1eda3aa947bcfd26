import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Passage {
  near: Socket;
  far: Socket;
}

/** The address under which a server is known, whichever host answers there: connections can be cut, and led to another server. */
export class Gate {
  private readonly passages = new Set<Passage>();
  private cutsLeft = 0;
  private isFrozen = false;

  private constructor(
    private readonly server: Server,
    private target: number,
  ) {}

  static async open(target = 0): Promise<Gate> {
    const server = createServer({ pauseOnConnect: true });
    const gate = new Gate(server, target);
    server.on('connection', (near) => gate.take(near));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Leads new connections to another port and cuts the old ones. */
  leadTo(port: number): void {
    this.target = port;
    this.cut();
  }

  /** Resets all connections. */
  cut(): void {
    for (const { near, far } of this.passages) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Passes on half of each of the next answers, and then resets its connection. */
  cutAnswers(count: number): void {
    this.cutsLeft = count;
  }

  /** Passes nothing on: old connections stay open without a word, and new ones are accepted but not served. */
  freeze(): void {
    this.isFrozen = true;
  }

  /** Serves new connections again; those that were frozen never recover. */
  thaw(): void {
    this.isFrozen = false;
    this.cut();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(near: Socket): void {
    const far = connect({ host: '127.0.0.1', port: this.target });
    const passage = { near, far };
    this.passages.add(passage);
    const end = () => {
      this.passages.delete(passage);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.setNoDelay(true).on('error', end).on('close', end);
    near.on('data', (chunk) => this.isFrozen || far.write(chunk));
    far.on('data', (chunk: Buffer) => {
      if (this.isFrozen) return undefined;
      if (this.cutsLeft === 0) return near.write(chunk);
      this.cutsLeft--;
      near.write(chunk.subarray(0, chunk.length >> 1), () => near.resetAndDestroy());
      return far.destroy();
    });
    near.resume();
  }
}
