import { call, callForAnswer } from '../api/index.js';
import { type ProgrammeDocument, programmesPublish, programmesVersion, programmesVersions, programmesWithdraw } from '../client/index.js';
import type { PublicationKind } from '../publications/index.js';

export const programmeKind: PublicationKind = {
  key: 'programme',
  versions: (name) => callForAnswer(() => programmesVersions({ path: { name } })),
  version: (name, version) => call(() => programmesVersion({ path: { name, version } })),
  send: (name, document, { seen, isDryRun }) =>
    call(() =>
      programmesPublish({
        path: { name },
        query: { dryRun: isDryRun },
        // What is being written may not be a programme yet; the API says what is missing.
        body: document as ProgrammeDocument,
        ...(seen !== undefined && { headers: { 'If-Match': `"${seen}"` } }),
      }),
    ),
  withdraw: (name, version) => call(() => programmesWithdraw({ path: { name, version } })),
};
