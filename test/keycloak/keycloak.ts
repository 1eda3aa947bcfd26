import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutRoot } from '#libs/embedded/index.js';
import { waitFor } from '../support/wait.js';

/** The first start builds Keycloak, which takes a minute on two idle cores. */
const startMs = 300_000;

export interface Keycloak {
  stop(): Promise<void>;
}

/** The address of a realm of Keycloak at a port. */
export const issuerAt = (port: number): string => `http://localhost:${port}/realms/cpor`;

/** Starts the installed Keycloak with one realm, in memory. */
export async function startKeycloak(port: number, realm: object): Promise<Keycloak> {
  const folder = await installedFolder();
  await mkdir(join(folder, 'data/import'), { recursive: true });
  await writeFile(join(folder, 'data/import/cpor-realm.json'), JSON.stringify(realm));
  const options = ['--import-realm', '--db=dev-mem', `--http-port=${port}`, '--http-host=127.0.0.1', `--hostname=http://localhost:${port}`];
  // Its script starts Java: together they are a group of their own, which ends as one.
  const child = spawn('bash', [join(folder, 'bin/kc.sh'), 'start-dev', ...options], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(child, 'close');
  const stop = async () => {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGTERM');
    await closed;
  };
  try {
    await waitFor('Keycloak', () => answers(`${issuerAt(port)}/.well-known/openid-configuration`, child.exitCode), startMs);
  } catch (error) {
    await stop();
    throw new Error(`Keycloak did not start:\n${output.slice(-2_000)}`, { cause: error });
  }
  return { stop };
}

async function answers(address: string, exitCode: number | null): Promise<boolean> {
  if (exitCode !== null) throw new Error(`It ended with code ${exitCode}.`);
  return (await fetch(address, { signal: AbortSignal.timeout(5_000) }).catch(() => null))?.ok === true;
}

async function installedFolder(): Promise<string> {
  const tools = join(checkoutRoot, '.tools');
  const name = (await readdir(tools)).find((entry) => entry.startsWith('keycloak-'));
  if (name === undefined) throw new Error('Keycloak is not installed: run this tier by its name.');
  return join(tools, name);
}
