import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { type CliConfig, readConfig } from '#libs/config/index.js';
import { openDatabase as open, operatorLimits } from '#libs/event-store/index.js';

const stackFile = z.object({ env: z.record(z.string(), z.string()) });

/** The configuration of this process; what the environment leaves open comes from the embedded stack that is running. */
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

/** The address of a part, or the sentence that says how to name it. */
export function required(value: string | null, variable: string): string {
  if (value === null) throw new Error(`No stack is running here and ${variable} is not set. Start one with npm start, or set ${variable}.`);
  return value;
}

/** The database of the product, for statements that may take their time. */
export function openDatabase({ database, mode }: CliConfig): Promise<DataSource> {
  const url = required(database.url, 'DATABASE_URL');
  return open(url, mode, { poolSize: 2, applicationName: 'cpor command', limits: operatorLimits });
}
