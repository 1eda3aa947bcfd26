import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const address = z.url().nullable().catch(null);
const stackFile = z.object({ mailboxUrl: address, temporalUiUrl: address });

/** Reads where the mailbox and Temporal's UI of the embedded stack are. An API that runs without it knows neither. */
export async function readSandboxPlaces(dataDirectory: string): Promise<{ mailbox: string | null; temporal: string | null }> {
  try {
    const { mailboxUrl, temporalUiUrl } = stackFile.parse(JSON.parse(await readFile(join(dataDirectory, 'stack.json'), 'utf8')));
    return { mailbox: mailboxUrl, temporal: temporalUiUrl };
  } catch {
    return { mailbox: null, temporal: null };
  }
}
