import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDataSource } from '#libs/event-store/index.js';
import { makeCheckpoint } from '#libs/record/index.js';
import { readCliConfig, required } from './stack.js';

const usage = `Usage: cpor checkpoint [--folder FOLDER] [--key FILE]

Writes a signed file of what the record is now, for you to keep where nobody who can change the database can change it. Later,
cpor verify --checkpoint FILE proves that nothing of it has gone or changed. Run it from a schedule, daily or more often.

  --folder FOLDER   where the file goes; CPOR_CHECKPOINT_FOLDER by default
  --key FILE        Ed25519 private key that signs it, PEM; CPOR_CHECKPOINT_KEY_FILE by default
                    make one with: openssl genpkey -algorithm ed25519 -out checkpoint-key.pem
`;

const options = { folder: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean', default: false } } as const;

/** Anchors the record outside the database. */
export async function checkpointCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const config = readCliConfig();
  const folder = values.folder ?? config.checkpoints.folder;
  if (folder === null) throw new Error('No folder for the checkpoint. Name one with --folder, or set CPOR_CHECKPOINT_FOLDER.');
  const key = await readKey(values.key ?? config.checkpoints.keyFile, 'private');
  const source = await createDataSource(required(config.database.url, 'DATABASE_URL'), {
    poolSize: 1,
    applicationName: 'cpor checkpoint',
  }).initialize();
  try {
    await mkdir(folder, { recursive: true });
    const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const half = join(folder, `.${stamp}-${process.pid}.part`);
    const file = await open(half, 'wx', 0o600);
    let name = half;
    try {
      const { number, claims, digest } = await makeCheckpoint(source, key, {
        write: async (text) => {
          await file.appendFile(text);
        },
        keep: async (no) => {
          await file.sync();
          const whole = join(folder, `cpor-checkpoint-${String(no).padStart(6, '0')}-${stamp}.jsonl`);
          await rename(half, whole);
          name = whole;
        },
      });
      process.stdout.write(`Checkpoint ${number} of ${claims} claims: ${name}\nDigest ${digest}\n`);
      return 0;
    } catch (error) {
      // What the database does not know of is no checkpoint.
      await rm(name, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  } finally {
    await source.destroy();
  }
}

/** The operator's key from its file. To check a signature either half will do. */
export async function readKey(file: string | null, half: 'private' | 'public'): Promise<KeyObject> {
  if (file === null) throw new Error('No key for the checkpoint. Name its file with --key, or set CPOR_CHECKPOINT_KEY_FILE.');
  const pem = await readFile(file);
  const key = (() => {
    try {
      return half === 'private' ? createPrivateKey(pem) : createPublicKey(pem);
    } catch {
      return null;
    }
  })();
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new Error(
      `${file} holds no Ed25519 ${half} key in PEM. Make one with: openssl genpkey -algorithm ed25519 -out checkpoint-key.pem`,
    );
  return key;
}
