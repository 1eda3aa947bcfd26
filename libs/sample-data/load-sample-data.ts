import type { DataSource } from 'typeorm';
import { sampleCalendars } from '#libs/calendar/index.js';
import { importDirectory, sampleDirectory } from '#libs/directory/index.js';
import { samplePolicies } from '#libs/programmes/index.js';
import { addVersion } from '#libs/publications/index.js';

/** Loads the sample programmes, their calendars and the sample directory. Safe to repeat: published versions never change. */
export async function loadSampleData(source: DataSource): Promise<{ policies: number; calendars: number }> {
  for (const calendar of sampleCalendars) await addVersion(source, 'calendars', { ...calendar, effectiveFrom: calendar.coversFrom }, null);
  for (const policy of samplePolicies) await addVersion(source, 'policies', policy, null);
  const imported = await source.transaction((manager) => importDirectory(manager, sampleDirectory));
  if (!imported.ok) throw new Error(`The sample directory is invalid: ${JSON.stringify(imported.faults)}`);
  return { policies: samplePolicies.length, calendars: sampleCalendars.length };
}
