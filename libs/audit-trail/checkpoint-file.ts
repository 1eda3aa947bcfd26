import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const hex = z.string().regex(/^[0-9a-f]*$/);
const head = z.strictObject({
  kind: z.literal('checkpoint'),
  format: z.literal(1),
  number: z.int().min(1),
  madeAt: z.iso.datetime(),
  previous: hex.nullable(),
});
const claim = z.strictObject({
  kind: z.literal('claim'),
  claimId: z.guid(),
  number: z.string(),
  /** Number of its events, and the hash of the last. */
  version: z.int().min(0),
  head: hex,
  commands: z.int().min(0),
  commandsHead: hex,
});
const accessLog = z.strictObject({ kind: z.literal('access_log'), tenantId: z.guid(), entries: z.int().min(0), head: hex });
const snapshot = z.strictObject({ kind: z.literal('snapshot'), snapshotId: z.guid(), entries: z.int().min(0), head: hex });
const publication = z.strictObject({
  kind: z.literal('publication'),
  of: z.enum(['programme', 'calendar']),
  name: z.string(),
  version: z.int(),
  digest: hex,
});
const feed = z.strictObject({ kind: z.literal('feed'), place: z.string().regex(/^\d+$/), head: hex });
const numbers = z.strictObject({ kind: z.literal('numbers'), upTo: z.string().regex(/^\d+$/), unused: z.string() });
const end = z.strictObject({ kind: z.literal('end'), lines: z.int().min(1), digest: hex, signature: z.base64() });

const lineSchema = z.discriminatedUnion('kind', [head, claim, accessLog, snapshot, publication, feed, numbers, end]);
type Line = z.output<typeof lineSchema>;

export type CheckpointHead = z.output<typeof head>;
export type ClaimLeaf = z.output<typeof claim>;
export type AccessLogLeaf = z.output<typeof accessLog>;
export type SnapshotLeaf = z.output<typeof snapshot>;
export type PublicationLeaf = z.output<typeof publication>;
export type FeedLeaf = z.output<typeof feed>;
export type NumbersLeaf = z.output<typeof numbers>;
export type CheckpointLine = Exclude<Line, z.output<typeof end>>;

/** Writes the lines of a checkpoint file. The last line holds a digest of all others, signed with the operator's key. */
export class CheckpointWriter {
  private readonly hash = createHash('sha256');
  private lines = 0;

  write(line: CheckpointLine): string {
    const text = `${JSON.stringify(line)}\n`;
    this.hash.update(text);
    this.lines += 1;
    return text;
  }

  finish(key: KeyObject): { text: string; digest: string } {
    const digest = this.hash.digest('hex');
    const signature = sign(null, Buffer.from(digest, 'hex'), key).toString('base64');
    return { text: `${JSON.stringify({ kind: 'end', lines: this.lines, digest, signature })}\n`, digest };
  }
}

/** A file that is not a checkpoint, was changed, or was signed with another key. */
export class CheckpointFault extends Error {}

/** Reads the lines of a checkpoint. Do not trust them before `checkSignature` has passed. */
export async function* readCheckpoint(file: string): AsyncGenerator<Line> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let at = 0;
  for await (const text of lines) {
    at += 1;
    yield parse(file, at, text);
  }
}

function parse(file: string, at: number, text: string): Line {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    throw new CheckpointFault(`${file}: line ${at} does not belong to a checkpoint. Use an unchanged file written by "cpor checkpoint".`);
  }
}

/** A complete checkpoint file with a valid signature. */
export interface SignedCheckpoint {
  file: string;
  head: CheckpointHead;
  digest: string;
}

/**
 * Checks that a checkpoint file is complete, unchanged and signed with this key.
 * @throws CheckpointFault
 */
export async function checkSignature(file: string, key: KeyObject): Promise<SignedCheckpoint> {
  const hash = createHash('sha256');
  let [first, last, lines]: [CheckpointHead | null, z.output<typeof end> | null, number] = [null, null, 0];
  for await (const line of readCheckpoint(file)) {
    if (last !== null) throw new CheckpointFault(`${file} continues after its end. Use the file as it was written.`);
    if (line.kind === 'end') {
      last = line;
      continue;
    }
    if (line.kind === 'checkpoint') first = line;
    hash.update(`${JSON.stringify(line)}\n`);
    lines += 1;
  }
  if (first === null || last === null || last.lines !== lines)
    throw new CheckpointFault(`${file} is cut off. Use another copy or an earlier checkpoint.`);
  const digest = hash.digest('hex');
  if (digest !== last.digest)
    throw new CheckpointFault(`${file} was changed after it was written. Use another copy or an earlier checkpoint.`);
  if (!verify(null, Buffer.from(digest, 'hex'), key, Buffer.from(last.signature, 'base64')))
    throw new CheckpointFault(`${file} was not signed by this key. Pass the key of the installation that wrote it.`);
  return { file, head: first, digest };
}
