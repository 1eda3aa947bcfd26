import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Names the rules by which this build folds events: a hash of everything in `libs/claims`. A stored state that was folded by other rules is folded
 * anew, so that no rule can be mended without reaching the claims that are open, and an older process that does not know an event leaves no
 * state behind that lacks it.
 */
export const foldIdentity: string = identityOf(fileURLToPath(new URL('../claims/', import.meta.url)));

function identityOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[jt]s$/.test(name));
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('base64url').slice(0, 16);
}

/** SQL that is true when the state in the row of claim `c` follows from all its events by these rules; `identity` is the SQL of `foldIdentity`. */
export const isFoldedSql = (identity: string): string => `coalesce(c.folded = ${identity} || '@' || c.version, false)`;
