import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { type CliConfig, readConfig } from '#libs/config/index.js';
import { openDatabase as open, operatorLimits } from '#libs/event-store/index.js';

const stackFile = z.object({ env: z.record(z.string(), z.string()) });

/** Reads the configuration of this process. Without DATABASE_URL, the running embedded stack fills in what the environment does not set. */
export function readCliConfig(): CliConfig {
  const own = readConfig({ CPOR_MODE: 'sandbox', ...process.env }, 'cli');
  if (own.database.url !== null) return readConfig(process.env, 'cli');
  try {
    const { env } = stackFile.parse(JSON.parse(readFileSync(join(own.dataDirectory, 'stack.json'), 'utf8')));
    return readConfig({ ...env, ...process.env }, 'cli');
  } catch {
    return own;
  }
}

/** Returns the address of a server. @throws an Error that says how to set it. */
export function required(value: string | null, variable: string): string {
  if (value === null)
    throw new Error(`${variable} is not set and no local stack is running. Start one with "npm start", or set ${variable}.`);
  return value;
}

/** Opens the product's database with limits for statements that may take long. */
export function openDatabase({ database, mode }: CliConfig): Promise<DataSource> {
  const url = required(database.url, 'DATABASE_URL');
  return open(url, mode, { poolSize: 2, applicationName: 'cpor command', limits: operatorLimits });
}
