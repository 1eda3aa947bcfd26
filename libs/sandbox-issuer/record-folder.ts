import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  /** In milliseconds since the epoch; null means never. */
  expiresAt: number | null;
  payload: AdapterPayload;
}

/**
 * Stores one kind of the issuer's records, one private file each, so that they outlive the process and several processes can share them.
 * The names are hashes: nobody learns a session's id from a listing.
 */
export class RecordFolder implements Adapter {
  constructor(
    private readonly folder: string,
    private readonly kind: string,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds?: number): Promise<void> {
    const expiresAt = expiresInSeconds === undefined ? null : Date.now() + expiresInSeconds * 1_000;
    await this.write(this.fileOf(id), { expiresAt, payload });
    if (payload.uid !== undefined && this.kind === 'Session')
      await this.write(this.fileOf(payload.uid, 'Uid'), { expiresAt, payload: { jti: id } });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return (await read(this.fileOf(id)))?.payload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const id = (await read(this.fileOf(uid, 'Uid')))?.payload.jti;
    return id === undefined ? undefined : this.find(id);
  }

  /** Codes that people type belong to the device flow, which is off. */
  async findByUserCode(): Promise<undefined> {}

  async consume(id: string): Promise<void> {
    const file = this.fileOf(id);
    const entry = await read(file);
    if (entry !== undefined) await this.write(file, { ...entry, payload: { ...entry.payload, consumed: Math.floor(Date.now() / 1_000) } });
  }

  async destroy(id: string): Promise<void> {
    await rm(this.fileOf(id), { force: true });
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await removeWhere(this.folder, ({ payload }) => payload.grantId === grantId, `${this.kind}.`);
  }

  private fileOf(id: string, index = ''): string {
    return join(this.folder, `${this.kind}${index}.${createHash('sha256').update(id).digest('base64url')}`);
  }

  /** Writes beside and renames, so that no reader sees half a record. */
  private async write(file: string, entry: Entry): Promise<void> {
    const draft = join(this.folder, `draft.${randomUUID()}`);
    await writeFile(draft, JSON.stringify(entry), { mode: 0o600 });
    await rename(draft, file);
  }
}

/** Makes the folder, which only its owner can read. */
export async function prepareRecords(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Removes the records that have expired. */
export const sweepRecords = (folder: string): Promise<void> =>
  removeWhere(folder, ({ expiresAt }) => expiresAt !== null && expiresAt < Date.now());

async function removeWhere(folder: string, isDoomed: (entry: Entry) => boolean, prefix = ''): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    const file = join(folder, name);
    const entry = await read(file);
    if (entry !== undefined && isDoomed(entry)) await rm(file, { force: true });
  }
}

/** Returns undefined for a file that is missing, or that a crash left half written. */
async function read(file: string): Promise<Entry | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Entry;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
