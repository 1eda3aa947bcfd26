import { readFile, writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConfig } from '#libs/config/index.js';
import { ApiModule } from './api.module.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { createDocument } from './openapi/document.js';

const file = 'docs/reference/openapi.json';

/** Placeholder settings: creating the document connects to nothing. */
const nowhere = { CPOR_MODE: 'sandbox', DATABASE_URL: 'postgres://nowhere.invalid/cpor', TEMPORAL_ADDRESS: 'nowhere.invalid:7233' };

/** Writes the OpenAPI document, or with `--check` checks that the committed one is current. */
async function main(isCheck: boolean): Promise<void> {
  const options = { preview: true, logger: false, abortOnError: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(readConfig(nowhere, 'api')), createHttpAdapter(), options);
  const text = `${JSON.stringify(createDocument(app), null, 2)}\n`;
  if (!isCheck) {
    await writeFile(file, text);
    process.stdout.write(`Wrote ${file}.\n`);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${file} is out of date. Run: npm run openapi\n`);
    process.exitCode = 1;
  }
}

await main(process.argv.includes('--check'));
