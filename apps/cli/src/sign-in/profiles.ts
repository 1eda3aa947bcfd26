import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const Profile = z.object({
  url: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  /** Sent with each request for a token. */
  parameters: z.record(z.string(), z.string()),
  accessToken: z.string(),
  /** When the access token ends, in milliseconds since 1970. */
  expiresAt: z.number(),
  refreshToken: z.string().nullable(),
});
const Profiles = z.object({ inUse: z.string().nullable(), profiles: z.record(z.string(), Profile) });

/** A person at one installation. */
export type Profile = z.infer<typeof Profile>;
export type Profiles = z.infer<typeof Profiles>;

/** After this long, whoever holds the lock has been killed. */
const longestHoldMs = 30_000;

/** The file of the person's profiles: it holds tokens, so nobody else may read it. */
export class ProfileFile {
  constructor(private readonly env: NodeJS.ProcessEnv) {}

  get path(): string {
    const base = this.env['XDG_CONFIG_HOME'] || (process.platform === 'win32' && this.env['APPDATA']) || join(homedir(), '.config');
    return join(base, 'cpor', 'profiles.json');
  }

  async read(): Promise<Profiles> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{"inUse":null,"profiles":{}}';
      throw error;
    });
    const parsed = Profiles.safeParse(tryJson(text));
    if (!parsed.success) throw new Error(`${this.path} cannot be read. Remove it and sign in again.`);
    return parsed.data;
  }

  /** Changes the file as one step, while no other process does. */
  async change<Result>(work: (profiles: Profiles) => Promise<Result> | Result): Promise<Result> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const lock = `${this.path}.lock`;
    await this.take(lock);
    try {
      const profiles = await this.read();
      const result = await work(profiles);
      const half = `${this.path}.new`;
      await writeFile(half, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 });
      await chmod(half, 0o600);
      await rename(half, this.path);
      return result;
    } finally {
      await rm(lock, { force: true });
    }
  }

  private async take(lock: string): Promise<void> {
    for (;;) {
      try {
        return await (await open(lock, 'wx', 0o600)).close();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const age = await stat(lock).then(
          ({ mtimeMs }) => Date.now() - mtimeMs,
          () => 0,
        );
        if (age > longestHoldMs) await rm(lock, { force: true });
        else await delay(50);
      }
    }
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
