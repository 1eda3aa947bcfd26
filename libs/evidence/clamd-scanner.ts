import { connect, type Socket } from 'node:net';
import type { EvidenceScanner, Scan } from './evidence-scanner.js';

/** Where clamd listens. */
export type ClamdAddress = { host: string; port: number } | { path: string };

/** A person waits for the upload; what takes longer is scanned later. */
const answerLimitMs = 10_000;
/** Longer answers are none of clamd's. */
const longestAnswer = 4_096;
const chunkBytes = 64 * 1024;

/**
 * Scans by ClamAV's daemon (its INSTREAM command), which can run on another host. Whatever is not a plain answer about the file counts as none:
 * a refused connection, a time limit, a file above the daemon's own limits, an error of its engine.
 */
export class ClamdScanner implements EvidenceScanner {
  constructor(
    private readonly address: ClamdAddress,
    private readonly limitMs = answerLimitMs,
  ) {}

  async scan(bytes: Uint8Array): Promise<Scan> {
    const scanner = await this.version().catch(() => null);
    if (scanner === null) return { result: 'waiting', scanner };
    const verdict = await this.ask('zINSTREAM\0', bytes).then(verdictOf, () => 'waiting' as const);
    return { result: verdict, scanner };
  }

  /**
   * Returns engine and version of its signatures, such as `ClamAV 1.4.6/27500`.
   * @throws when clamd does not answer
   */
  async version(): Promise<string> {
    // Engine, signatures and the day of the signatures.
    const [engine = '', signatures = ''] = (await this.ask('zVERSION\0')).split('/');
    if (!engine.startsWith('ClamAV')) throw new Error(`This is not clamd: ${engine.slice(0, 80)}`);
    return signatures === '' ? engine : `${engine}/${signatures}`;
  }

  private ask(command: string, bytes?: Uint8Array): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const socket = connect({ ...this.address });
    const timer = setTimeout(() => socket.destroy(new Error(`clamd has not answered within ${this.limitMs} ms.`)), this.limitMs);
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      answer += part;
      if (answer.length > longestAnswer) socket.destroy(new Error('The answer is too long for clamd.'));
      else if (answer.includes('\0')) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      const end = answer.indexOf('\0');
      if (end === -1) reject(new Error('clamd closed the connection without an answer.'));
      else resolve(answer.slice(0, end));
    });
    socket.on('connect', () => void send(socket, command, bytes));
    return promise;
  }
}

/** Writes a command and a file in chunks, no faster than they are read. Stops when clamd has answered: it refuses a file before it has all of it. */
async function send(socket: Socket, command: string, bytes?: Uint8Array): Promise<void> {
  socket.write(command);
  if (bytes === undefined) return;
  for (let at = 0; at < bytes.length && socket.writable; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    socket.write(lengthOf(chunk.length));
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
  }
  if (socket.writable) socket.write(lengthOf(0));
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** `stream: OK` and `stream: <name> FOUND` are about the file, everything else is about the scanner. */
function verdictOf(answer: string): Scan['result'] {
  if (answer === 'stream: OK') return 'clean';
  return /^stream: .* FOUND$/.test(answer) ? 'infected' : 'waiting';
}
