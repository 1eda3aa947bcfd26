import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/**
 * Hashes the names and contents of files and folders of the checkout. Paths that do not exist are left out.
 * @param {string[]} paths relative to the checkout
 */
export function contentHash(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((entry) => listFiles(entry)).sort()) {
    hash.update(`${path}\0`).update(
      createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest(),
    );
  }
  return hash.digest('hex');
}

/**
 * Lists a file, or every file below a folder, relative to the checkout.
 * @param {string} path
 * @returns {string[]}
 */
export function listFiles(path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => (name === 'node_modules' ? [] : listFiles(`${path}/${name}`)));
}

/**
 * Returns the sha256 of a file, or undefined if it cannot be read.
 * @param {string} file
 */
export function fileSha256(file) {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}
