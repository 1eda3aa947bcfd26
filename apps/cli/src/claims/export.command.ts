import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClaimListsExportData } from '@cpor/client';
import { defineCommand } from '../shell/command.js';
import { filterOptions, queryOf } from './filters.js';

export const exportCommand = defineCommand({
  about: 'writes all claims, or those that you choose, to a file',
  options: {
    ...filterOptions,
    format: { type: 'string', choices: ['csv', 'json'], value: 'FORMAT', about: 'what to write; default: csv, or json with --json' },
    output: { type: 'string', value: 'FILE', about: 'where to; default: standard output' },
  },
  examples: ['cpor claims export --output claims.csv', 'cpor claims export --open --format json'],
  async run({ values, terminal, session }) {
    const format = values.format ?? (terminal.isJson ? 'json' : 'csv');
    const cpor = await session.connect();
    const response = await cpor.claims.export({ ...queryOf(values), format } as NonNullable<ClaimListsExportData['query']>);
    let bytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (values.output !== undefined) terminal.progress(`${Math.round(bytes / 1024)} KiB`);
        done(null, chunk);
      },
    });
    const body = Readable.fromWeb(response.body as never);
    if (values.output === undefined) return pipeline(body, count, process.stdout, { end: false });
    await pipeline(body, count, createWriteStream(values.output));
    terminal.progress('');
    terminal.say(`Wrote ${values.output} (${Math.ceil(bytes / 1024)} KiB).`);
  },
});
