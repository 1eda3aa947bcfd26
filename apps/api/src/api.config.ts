import type { Config } from '#libs/config/index.js';

/** The API's settings, read from the environment. */
export type ApiConfig = Config;

export const API_CONFIG = Symbol('ApiConfig');

/** The configured customer directory. */
export const DIRECTORY = Symbol('DirectoryProvider');
