import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '#libs/embedded/index.js';
import { waitFor } from './wait.js';

/** The EICAR test file in two parts, so that scanners do not flag this source file. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/**
 * Use it when evidence is scanned: clamd on a port of its own, which can be stopped and started again. It finds the EICAR test file and nothing
 * else. `CPOR_TEST_CLAMD` names the real daemon's binary; without it, a server speaks its protocol.
 */
export class TestClamd {
  private running: { stop(): Promise<void> } | null = null;

  private constructor(readonly port: number) {}

  static async reserve(): Promise<TestClamd> {
    return new TestClamd(await findFreePort(0));
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: this.port };
  }

  async start(): Promise<void> {
    const binary = process.env['CPOR_TEST_CLAMD'];
    this.running = binary === undefined ? await speakProtocol(this.port) : await startDaemon(binary, this.port);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = null;
  }
}

async function startDaemon(binary: string, port: number): Promise<{ stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'cpor-clamd-'));
  const settings = { TCPSocket: port, TCPAddr: '127.0.0.1', DatabaseDirectory: folder, Foreground: 'yes', StreamMaxLength: '2M' };
  await writeFile(join(folder, 'test.ndb'), `Test.Eicar:0:*:${Buffer.from(eicar).toString('hex')}\n`);
  const file = join(folder, 'clamd.conf');
  await writeFile(
    file,
    Object.entries(settings)
      .map((setting) => `${setting.join(' ')}\n`)
      .join(''),
  );
  const daemon: ChildProcess = spawn(binary, ['-c', file], { stdio: 'ignore' });
  await waitFor('clamd to listen', () => isListening(port));
  return {
    async stop() {
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('connect', () => socket.destroy()).on('error', () => resolve(false));
  });

function speakProtocol(port: number): Promise<{ stop(): Promise<void> }> {
  return serve(port, (socket) => {
    let received = Buffer.alloc(0);
    socket.on('data', (part) => {
      received = Buffer.concat([received, part]);
      const answer = answerTo(received);
      if (answer !== null) socket.end(`${answer}\0`);
    });
  });
}

const version = 'zVERSION\0';
const stream = 'zINSTREAM\0';

/** Answers once the request is complete. */
function answerTo(received: Buffer): string | null {
  if (received.toString('latin1') === version) return 'ClamAV 1.4.6/27500/Mon Nov 30 09:00:00 2026';
  if (!received.toString('latin1').startsWith(stream)) return null;
  const chunks: Buffer[] = [];
  for (let at = stream.length; at + 4 <= received.length; ) {
    const length = received.readUInt32BE(at);
    if (length === 0) return Buffer.concat(chunks).includes(eicar) ? 'stream: Test.Eicar.UNOFFICIAL FOUND' : 'stream: OK';
    if (at + 4 + length > received.length) return null;
    chunks.push(received.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}

/** Serves connections on a port; stopping breaks those that are open. */
export async function serve(port: number, onConnection: (socket: Socket) => void): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
