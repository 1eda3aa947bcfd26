import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkoutRoot } from '#libs/embedded/index.js';

const platform = `${process.platform}-${process.arch}`;

/** The exit code and the output of a tool. */
export interface ToolResult {
  code: number | null;
  output: string;
}

/** Creates a folder that contains only this checkout's tools, which work on the checkout they are in. */
export function makeCheckout(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cpor-checkout-')));
  cpSync(join(checkoutRoot, 'tools'), join(folder, 'tools'), { recursive: true, filter: (source) => !source.includes('node_modules') });
  mkdirSync(join(folder, '.tools'));
  return folder;
}

/** Pins this binary in place of the real one. */
export function pinTemporal(checkout: string, binary: Buffer): void {
  const file = join(checkout, 'tools/temporal/pins.json');
  const pins = JSON.parse(readFileSync(file, 'utf8')) as { platforms: Record<string, object> };
  const sha256 = createHash('sha256').update(binary).digest('hex');
  pins.platforms[platform] = { archive: 'temporal.tar.gz', sha256, bytes: binary.length };
  writeFileSync(file, JSON.stringify(pins));
}

/** Creates a release archive: a licence, then the binary. */
export function makeArchive(binary: Buffer): Buffer {
  return gzipSync(Buffer.concat([tarEntry('LICENSE', Buffer.from('licence')), tarEntry('temporal', binary), Buffer.alloc(1_024)]));
}

function tarEntry(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** Serves on the loopback address until it is closed. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Starts a tool of a checkout without our environment. */
export function startTool(checkout: string, args: string[], env: NodeJS.ProcessEnv): { child: ChildProcess; result: Promise<ToolResult> } {
  const child = spawn(process.execPath, args, { cwd: checkout, env: { HOME: checkout, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const result = new Promise<ToolResult>((resolve) => child.once('close', (code) => resolve({ code, output })));
  return { child, result };
}
