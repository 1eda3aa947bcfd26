import type { KeyObject } from 'node:crypto';
import { parseArgs } from 'node:util';
import { keepCheckpoint, readCheckpointKey } from '#libs/audit-trail/index.js';
import { openDatabase, readCliConfig } from './stack.js';

export const usage = `Usage: cpor checkpoint [--folder FOLDER] [--key FILE]

Writes a signed summary of the audit trail to a file. Keep it where nobody who can change the database can change it: later,
"cpor verify --checkpoint FILE" proves that nothing has been removed or changed since. The worker writes one a day if folder and key are set.

  --folder FOLDER   folder for the file; default CPOR_CHECKPOINT_FOLDER
  --key FILE        Ed25519 private key (PEM) that signs it; default CPOR_CHECKPOINT_KEY_FILE
                    create one with: openssl genpkey -algorithm ed25519 -out checkpoint-key.pem
`;

const options = { folder: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean', default: false } } as const;

/** Writes a checkpoint of the audit trail, to be kept outside the database. */
export async function checkpointCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const config = readCliConfig();
  const folder = values.folder ?? config.checkpoints.folder;
  if (folder === null) throw new Error('No folder for the checkpoint: pass --folder or set CPOR_CHECKPOINT_FOLDER.');
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

/** Reads the operator's key from a PEM file. */
export async function readKey(file: string | null, half: 'private' | 'public'): Promise<KeyObject> {
  if (file === null) throw new Error('No key for the checkpoint: pass its file with --key or set CPOR_CHECKPOINT_KEY_FILE.');
  return readCheckpointKey(file, half);
}
