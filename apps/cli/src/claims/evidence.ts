import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Cpor, Evidence } from '@cpor/client';
import { UsageError } from '../shell/faults.js';
import type { Terminal } from '../shell/terminal.js';

export const evidenceOptions = {
  evidence: { type: 'string', multiple: true, value: 'FILE', about: 'a file that proves the work' },
  'signed-on': { type: 'string', value: 'DATE', about: 'when the customer signed it, such as 2026-11-30' },
} as const;

export interface EvidenceValues {
  evidence: string[];
  'signed-on': string | undefined;
}

/** Checks the files before anything is sent. @throws UsageError */
export async function checkEvidence({ evidence, 'signed-on': signedOn }: EvidenceValues): Promise<void> {
  if (signedOn !== undefined && !/^\d{4}-\d\d-\d\d$/.test(signedOn))
    throw new UsageError(`--signed-on is "${signedOn}"; it is a date such as 2026-11-30.`);
  for (const file of evidence) if (!(await stat(file).catch(() => null))?.isFile()) throw new UsageError(`There is no file ${file}.`);
}

export async function sendEvidence(cpor: Cpor, claimId: string, values: EvidenceValues, terminal: Terminal): Promise<Evidence[]> {
  const sent: Evidence[] = [];
  const signedOn = values['signed-on'];
  for (const path of values.evidence) {
    const file = new File([await openAsBlob(path)], basename(path));
    sent.push(await cpor.evidence.upload(claimId, { file, ...(signedOn !== undefined && { signedOn }) }));
    terminal.say(`Added ${basename(path)}.`);
  }
  return sent;
}
