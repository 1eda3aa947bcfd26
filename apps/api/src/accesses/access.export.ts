import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { Scope } from '#libs/auth/index.js';
import { type AccessExportQuery, AccessReader, type AccessView } from './access.reader.js';

const columns: Record<string, (access: AccessView) => string | number | null> = {
  at: ({ at }) => at,
  kind: ({ kind }) => kind,
  partnerId: ({ partner }) => partner.partnerId,
  legalName: ({ partner }) => partner.legalName,
  claimNumber: ({ claimNumber }) => claimNumber,
  target: ({ target }) => target,
  set: ({ set }) => set,
  fromMonth: ({ fromMonth }) => fromMonth,
  toMonth: ({ toMonth }) => toMonth,
  rows: ({ rows }) => rows,
  accessId: ({ accessId }) => accessId,
};

/** Streams a customer's log as a file, in parts, so that memory stays bounded. */
@Injectable()
export class AccessExport {
  constructor(private readonly reader: AccessReader) {}

  /** Opens a file once its first part is read, so that an immediate failure can still be answered with a problem. */
  async open(scope: Scope, tenantId: string, { format, ...filter }: AccessExportQuery): Promise<Readable> {
    const parts = this.reader.parts(scope, tenantId, filter);
    const first = await parts.next();
    const all = continued(first.done === true ? [] : first.value, parts);
    return Readable.from(format === 'csv' ? csv(all) : json(all), { objectMode: false });
  }
}

async function* continued(first: AccessView[], rest: AsyncGenerator<AccessView[], void>): AsyncGenerator<AccessView[], void> {
  yield first;
  yield* rest;
}

/** Escapes texts that a spreadsheet would run as formulas. The byte order mark makes Excel read UTF-8. */
async function* csv(parts: AsyncIterable<AccessView[]>): AsyncGenerator<string> {
  const options = { escape_formulas: true, record_delimiter: 'windows' } as const;
  yield stringify([Object.keys(columns)], { ...options, bom: true });
  for await (const accesses of parts) {
    yield stringify(
      accesses.map((access) => Object.values(columns).map((column) => column(access))),
      options,
    );
  }
}

/** Writes one array, so that a truncated file cannot pass for a complete one. */
async function* json(parts: AsyncIterable<AccessView[]>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const accesses of parts) {
    if (accesses.length === 0) continue;
    yield before + accesses.map((access) => JSON.stringify(access)).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
