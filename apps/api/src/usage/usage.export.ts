import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { v7 as uuidV7 } from 'uuid';
import type { ProblemCode } from '#libs/problems/index.js';
import type { LeftOut, ShownRow, UsagePlace } from '#libs/usage/index.js';
import type { ExportQuery } from './usage.query.js';
import { type Reader, UsageReader } from './usage.reader.js';
import { exportColumns } from './usage.view.js';

const rowsOfPart = 5_000;

/** Writes exports part by part, so that memory stays bounded and access is decided anew for each part. */
@Injectable()
export class UsageExport {
  constructor(private readonly reader: UsageReader) {}

  /** The file and the id under which the logs hold it. The first part is read, and logged, before anything is answered. */
  async open(reader: Reader, query: ExportQuery): Promise<{ file: StreamableFile; accessId: string }> {
    const accessId = uuidV7();
    const parts = this.parts(reader, query, accessId);
    const first = await parts.next();
    const all = follow(first.done === true ? [] : first.value, parts);
    // Looked up last, so that what ends while the file is written is named in it.
    const leftOut = () => this.reader.leftOut(reader, query);
    const text = query.format === 'csv' ? csv(exportColumns(query.set, reader), all, leftOut) : json(query.set.name, all, leftOut);
    const type = query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8';
    const disposition = `attachment; filename="${query.set.name}.${query.format}"`;
    return { file: new StreamableFile(Readable.from(text, { objectMode: false }), { type, disposition }), accessId };
  }

  private async *parts(reader: Reader, query: ExportQuery, accessId: string): AsyncGenerator<ShownRow[], void> {
    for (let after: UsagePlace | null | undefined; after !== null; ) {
      const part = await this.reader.exportPart(reader, query, { accessId, after, limit: rowsOfPart });
      after = part.next;
      yield part.rows;
    }
  }
}

async function* follow(first: ShownRow[], rest: AsyncGenerator<ShownRow[], void>): AsyncGenerator<ShownRow[], void> {
  yield first;
  yield* rest;
}

const leftOutCode = 'usage_ended' satisfies ProblemCode;

/** Cells that a spreadsheet would take for formulas are made text. What is left out has a row of its own, or its months would look empty. */
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
  const closed = (await leftOut()).map((one) => ({ code: leftOutCode, ...one }));
  yield `\n],"leftOut":${JSON.stringify(closed)}}\n`;
}
