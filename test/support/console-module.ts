import { join } from 'node:path';
import { runnerImport } from 'vite';
import { checkoutRoot } from '#libs/embedded/index.js';

/** Use it for functions of the console that need no page: loads a module of `apps/console/src`, compiled as for the browser. */
export async function consoleModule<Module>(path: string): Promise<Module> {
  const { module } = await runnerImport<Module>(join(checkoutRoot, 'apps/console/src', path), { configFile: false, logLevel: 'error' });
  return module;
}
