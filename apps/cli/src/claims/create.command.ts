import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { NewClaim } from '@cpor/client';
import { defineCommand } from '../shell/command.js';
import { UsageError } from '../shell/faults.js';
import { checkEvidence, evidenceOptions, sendEvidence } from './evidence.js';
import { showClaim } from './facts.js';

export const createCommand = defineCommand({
  about: 'creates a draft from a JSON file, and submits it if you like',
  details: 'The file has the members of POST /v1/claims, such as "partnerId", "tenantId", "area", "lines" and "contacts".',
  args: [{ name: 'FILE', about: 'the file; - for standard input' }],
  options: { ...evidenceOptions, submit: { type: 'boolean', about: 'submit it, after the evidence has been added' } },
  examples: ['cpor claims create claim.json', 'cpor claims create claim.json --evidence sow.pdf --signed-on 2026-11-30 --submit'],
  async run({ values, args, terminal, session }) {
    const body = await bodyOf(args[0]!);
    await checkEvidence(values);
    const cpor = await session.connect();
    const draft = await cpor.claims.create(body);
    terminal.say(`Created ${draft.number}.`);
    await sendEvidence(cpor, draft.claimId, values, terminal);
    if (values.submit) await cpor.claims.submit(draft.claimId);
    showClaim(terminal, await cpor.claims.get(draft.claimId));
  },
});

/** @throws UsageError */
async function bodyOf(file: string): Promise<NewClaim> {
  const content = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${error.message}`);
  });
  try {
    return JSON.parse(content) as NewClaim;
  } catch (error) {
    throw new UsageError(`${file === '-' ? 'Standard input' : file} is not JSON: ${(error as Error).message}`);
  }
}
