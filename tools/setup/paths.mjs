import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** What set-up downloads. Not committed, and safe to delete. */
export const toolFolder = join(root, '.tools');

/** Unfinished work. What is found here was left by a set-up that was killed. */
export const partialFolder = join(toolFolder, 'partial');

export const logFolder = join(toolFolder, 'logs');

export const distFolder = join(root, 'dist');
