import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the compiled code. */
const built = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Names this build: the release's version, and a digest of the code that a worker runs. The same commit has the same id in a checkout and in the
 * image, and two commits of one version have two.
 */
export function ownBuildId(): string {
  const { version } = JSON.parse(readFileSync(join(built, '../package.json'), 'utf8')) as { version: string };
  const hash = createHash('sha256');
  const files = ['activities', 'libs', 'workflows'].flatMap((folder) =>
    readdirSync(join(built, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => `${folder}/${name}`),
  );
  for (const name of [...files, 'temporal.config.js'].sort()) hash.update(name).update(readFileSync(join(built, name)));
  return `${version}-${hash.digest('hex').slice(0, 12)}`;
}
