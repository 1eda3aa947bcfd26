import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { v7 as uuidV7 } from 'uuid';
import type { ProblemCode } from '#libs/problems/index.js';
import type { LeftOut, ShownRow, UsagePlace, UsageViewer } from '#libs/usage/index.js';
import type { ExportQuery } from './usage.query.js';
import { UsageReader } from './usage.reader.js';
import { exportColumns } from './usage.view.js';

const rowsPerPart = 5_000;

/** Writes exports in parts, so that memory stays bounded and access is decided again for each part. */
@Injectable()
export class UsageExport {
  constructor(private readonly reader: UsageReader) {}

  /** Returns the file and its id in the logs. The first part is read and logged before the response starts. */
  async open(viewer: UsageViewer, query: ExportQuery): Promise<{ file: StreamableFile; accessId: string }> {
    const accessId = uuidV7();
    const parts = this.parts(viewer, query, accessId);
    const first = await parts.next();
    const rows = continued(first.done === true ? [] : first.value, parts);
    // Read last, so that the file names associations that end while it is written.
    const leftOut = () => this.reader.leftOut(viewer, query);
    const text = query.format === 'csv' ? csv(exportColumns(query.set, viewer), rows, leftOut) : json(query.set.name, rows, leftOut);
    const type = query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8';
    const disposition = `attachment; filename="${query.set.name}.${query.format}"`;
    return { file: new StreamableFile(Readable.from(text, { objectMode: false }), { type, disposition }), accessId };
  }

  private async *parts(viewer: UsageViewer, query: ExportQuery, accessId: string): AsyncGenerator<ShownRow[], void> {
    for (let after: UsagePlace | null | undefined; after !== null; ) {
      const part = await this.reader.exportPart(viewer, query, { accessId, after, limit: rowsPerPart });
      after = part.next;
      yield part.rows;
    }
  }
}

async function* continued(first: ShownRow[], rest: AsyncGenerator<ShownRow[], void>): AsyncGenerator<ShownRow[], void> {
  yield first;
  yield* rest;
}

const leftOutCode = 'usage_ended' satisfies ProblemCode;

/** Escapes cells that a spreadsheet would run as formulas. Associations that are left out get a row, so that their months do not look empty. */
async function* csv(columns: string[], parts: AsyncIterable<ShownRow[]>, leftOut: () => Promise<LeftOut[]>): AsyncGenerator<string> {
  const options = { escape_formulas: true, record_delimiter: 'windows' } as const;
  yield stringify([[...columns, 'Suppressed', 'LeftOut']], { ...options, bom: true });
  for await (const rows of parts) {
    yield stringify(
      rows.map(({ values, suppressed }) => [...columns.map((name) => values[name]), suppressed.join(' '), '']),
      options,
    );
  }
  const closed = (await leftOut()).map(
    ({ claimNumber, partnerId, associatedOn }): Record<string, string> => ({
      ClaimId: claimNumber,
      MpnId: partnerId,
      DateAssociated: associatedOn,
    }),
  );
  yield stringify(
    closed.map((values) => [...columns.map((name) => values[name]), '', leftOutCode]),
    options,
  );
}

async function* json(set: string, parts: AsyncIterable<ShownRow[]>, leftOut: () => Promise<LeftOut[]>): AsyncGenerator<string> {
  yield `{"set":${JSON.stringify(set)},"items":[`;
  let separator = '\n';
  for await (const rows of parts) {
    for (const { dimension: _dimension, ...row } of rows) {
      yield `${separator}${JSON.stringify(row)}`;
      separator = ',\n';
    }
  }
  const closed = (await leftOut()).map((association) => ({ code: leftOutCode, ...association }));
  yield `\n],"leftOut":${JSON.stringify(closed)}}\n`;
}
