import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { breakingChanges } from './contract/breaking-changes.mjs';
import { SetupFault } from './setup/fault.mjs';
import { root } from './setup/paths.mjs';
import { runTool } from './setup.mjs';

const current = 'docs/reference/openapi.json';
const released = 'docs/reference/released/openapi.json';
const allowed = 'docs/reference/released/allowed-changes.json';

/**
 * Compares the contract with that of the last release: fails for a change that would break a client, unless the allow-file lists it with its reason.
 * `--release` makes the current contract the released one, and empties the list.
 */
async function main() {
  if (argv.includes('--release')) {
    copyFileSync(join(root, current), join(root, released));
    writeFileSync(join(root, allowed), '[]\n');
    return 0;
  }
  /** @type {{ change: string, reason: string }[]} */
  const list = read(allowed);
  const changes = breakingChanges(read(released), read(current));
  const unlisted = changes.filter((change) => !list.some((entry) => entry.change === change));
  const stale = list.filter(({ change }) => !changes.includes(change)).map(({ change }) => change);
  const bare = list.filter(({ reason }) => !reason?.trim()).map(({ change }) => change);
  const faults = [
    section(unlisted, `Clients of the last release would break. Undo the change, or list it in ${allowed} as { "change", "reason" }:`),
    section(stale, `${allowed} lists what has not changed; remove:`),
    section(bare, `${allowed} gives no reason for:`),
  ].filter(Boolean);
  if (faults.length > 0) throw new SetupFault(faults.join('\n\n'));
  process.stdout.write(
    `Nothing breaks a client of the last release${list.length > 0 ? `, but for ${list.length} allowed changes` : ''}.\n`,
  );
  return 0;
}

/** @param {string[]} items @param {string} title */
const section = (items, title) => (items.length > 0 ? `${title}\n${items.map((item) => `  ${item}`).join('\n')}` : '');

/** @param {string} file */
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

await runTool(main);
