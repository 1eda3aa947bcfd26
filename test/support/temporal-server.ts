import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkoutRoot } from '#libs/embedded/index.js';

/** Use it before anything that runs Temporal's production server: it is built from source when it is first wanted, and says so. */
export async function buildTemporalServer(): Promise<void> {
  const setUp = spawn(process.execPath, [join(checkoutRoot, 'tools/setup.mjs'), '--only', 'temporal-server'], { stdio: 'inherit' });
  const [code] = (await once(setUp, 'exit')) as [number | null];
  // It has said why.
  if (code !== 0) throw new Error("Temporal's production server is not available.");
}
