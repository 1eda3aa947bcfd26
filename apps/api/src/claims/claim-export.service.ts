import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { claimTable, readClaims, summaryView } from '#libs/read-models/index.js';
import type { ClaimExportQuery } from './claim.query.js';

/** Each export occupies a pooled connection until its reader has finished. */
const exportsAtOnce = 4;

/** Streams lists of claims as files. */
@Injectable()
export class ClaimExportService {
  private running = 0;

  constructor(private readonly source: DataSource) {}

  /**
   * Opens a file once its first claims are read, so that an immediate failure can still be answered with a problem.
   * @throws Problem `too_many_requests` while this process runs as many exports as it allows.
   */
  async open(scope: Scope, { format, sort, ...filter }: ClaimExportQuery): Promise<Readable> {
    if (this.running >= exportsAtOnce) {
      const detail = `${exportsAtOnce} exports are already running.`;
      throw new Problem('too_many_requests', { detail, headers: { 'Retry-After': '10' } });
    }
    this.running += 1;
    const batches = readClaims(this.source, scope, filter, sort);
    const first = await batches.next().catch((error: unknown) => {
      this.running -= 1;
      throw error;
    });
    const all = continued(first, batches);
    const file = Readable.from(format === 'csv' ? csv(all) : json(all), { objectMode: false, highWaterMark: 64 * 1024 });
    file.once('close', () => {
      this.running -= 1;
      // Without this, the generator would never end after its reader disconnects.
      void batches.return();
    });
    return file;
  }
}

async function* continued<Item>(first: IteratorResult<Item, void>, rest: AsyncGenerator<Item, void>): AsyncGenerator<Item, void> {
  if (first.done !== true) yield first.value;
  yield* rest;
}

type Batches = AsyncIterable<Parameters<typeof summaryView>[0][]>;

/** Escapes texts that a spreadsheet would run as formulas. The byte order mark makes Excel read UTF-8. */
async function* csv(batches: Batches): AsyncGenerator<string> {
  const options = { escape_formulas: true, record_delimiter: 'windows' } as const;
  yield stringify([Object.keys(claimTable)], { ...options, bom: true });
  for await (const rows of batches) {
    const claims = rows.map(summaryView);
    yield stringify(
      claims.map((claim) => Object.values(claimTable).map((column) => column(claim))),
      options,
    );
  }
}

/** Writes one array, so that a truncated file cannot pass for a complete one. */
async function* json(batches: Batches): AsyncGenerator<string> {
  let before = '[\n';
  for await (const rows of batches) {
    yield before + rows.map((row) => JSON.stringify(summaryView(row))).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
