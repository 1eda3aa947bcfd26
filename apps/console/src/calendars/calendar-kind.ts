import { call, callForAnswer } from '../api/index.js';
import { type CalendarDocument, calendarsPublish, calendarsVersion, calendarsVersions } from '../client/index.js';
import type { PublicationKind } from '../publications/index.js';

/** A scheduled calendar cannot be taken back: deadlines may already count with it. */
export const calendarKind: PublicationKind = {
  key: 'calendar',
  versions: (name) => callForAnswer(() => calendarsVersions({ path: { name } })),
  version: (name, version) => call(() => calendarsVersion({ path: { name, version } })),
  send: (name, document, { seen, isDryRun }) =>
    call(() =>
      calendarsPublish({
        path: { name },
        query: { dryRun: isDryRun },
        // What is being written may not be a calendar yet; the API says what is missing.
        body: document as CalendarDocument,
        ...(seen !== undefined && { headers: { 'If-Match': `"${seen}"` } }),
      }),
    ),
};
