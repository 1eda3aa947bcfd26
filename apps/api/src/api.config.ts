import type { Config } from '#libs/config/index.js';

/** What the API reads from its environment. */
export type ApiConfig = Config;

export const API_CONFIG = Symbol('ApiConfig');

/** The customer directory that this installation is configured for. */
export const DIRECTORY = Symbol('DirectoryProvider');
