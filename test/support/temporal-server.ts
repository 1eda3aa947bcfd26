import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkoutRoot } from '#libs/embedded/index.js';

/**
 * Use it before anything that runs Temporal's production server: it is built from source when it is first wanted, which takes minutes. Returns
 * false if it cannot be built, and has said why. @throws an AbortError if the signal ends it
 */
export async function buildTemporalServer(signal?: AbortSignal): Promise<boolean> {
  const args = [join(checkoutRoot, 'tools/setup.mjs'), '--only', 'temporal-server'];
  const setUp = spawn(process.execPath, args, { stdio: 'inherit', ...(signal && { signal }) });
  const [code] = (await once(setUp, 'exit')) as [number | null];
  return code === 0;
}
