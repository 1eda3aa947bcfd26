import type { KeyObject } from 'node:crypto';
import { parseArgs } from 'node:util';
import { keepCheckpoint, readCheckpointKey } from '#libs/audit-trail/index.js';
import { openDatabase, readCliConfig } from './stack.js';

const usage = `Usage: cpor checkpoint [--folder FOLDER] [--key FILE]

Writes a signed file of what the record is now, for you to keep where nobody who can change the database can change it. Later,
cpor verify --checkpoint FILE proves that nothing of it has gone or changed. The worker does the same once a day where folder and key are set.

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
  const source = await openDatabase(config);
  try {
    const { number, claims, digest, file } = await keepCheckpoint(source, key, folder);
    process.stdout.write(`Checkpoint ${number} of ${claims} claims: ${file}\nDigest ${digest}\n`);
    return 0;
  } finally {
    await source.destroy();
  }
}

/** The operator's key, from the file that is named. */
export async function readKey(file: string | null, half: 'private' | 'public'): Promise<KeyObject> {
  if (file === null) throw new Error('No key for the checkpoint. Name its file with --key, or set CPOR_CHECKPOINT_KEY_FILE.');
  return readCheckpointKey(file, half);
}
