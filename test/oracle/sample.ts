import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { checkoutRoot } from '#libs/embedded/index.js';
import type { OracleAnswer, OracleQuestion } from './oracle.js';
import type { Kind } from './questions.js';

/** Cases with the oracle's answers, kept with the tests. */
export interface Sample {
  /** Release of the time zone data that the oracle had, such as `2026a`. */
  tzdata: string;
  seed: number;
  questions: (OracleQuestion & { kind: Kind; answers: OracleAnswer[] })[];
}

const sampleFile = join(checkoutRoot, 'test/oracle/sample.json.gz');

export const readSample = (): Sample => JSON.parse(gunzipSync(readFileSync(sampleFile)).toString()) as Sample;

export const writeSample = (sample: Sample): void => writeFileSync(sampleFile, gzipSync(JSON.stringify(sample), { level: 9 }));
