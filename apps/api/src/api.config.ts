import type { Config } from '#libs/config/index.js';

/** The API's settings, read from the environment. */
export type ApiConfig = Config;

export const API_CONFIG = Symbol('ApiConfig');

/** What this installation seals receipts with; null when it has nothing for it. */
export const SEAL = Symbol('Seal');

/** The configured customer directory. */
export const DIRECTORY = Symbol('DirectoryProvider');
