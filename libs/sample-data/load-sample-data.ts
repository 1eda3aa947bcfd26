import type { DataSource } from 'typeorm';
import { sampleCalendars } from '#libs/calendar/index.js';
import { importDirectory, sampleDirectory } from '#libs/directory/index.js';
import { samplePolicies } from '#libs/programmes/index.js';

/** Loads the sample programmes, their calendars and the sample directory. Published versions are never changed, so repeating it is safe. */
export async function loadSampleData(source: DataSource): Promise<{ policies: number; calendars: number }> {
  await publish(
    source,
    'calendars',
    sampleCalendars.map((calendar) => ({ ...calendar, effectiveFrom: calendar.coversFrom })),
  );
  await publish(source, 'policies', samplePolicies);
  const imported = await source.transaction((manager) => importDirectory(manager, sampleDirectory));
  if (!imported.ok) throw new Error(`The sample directory has faults: ${JSON.stringify(imported.faults)}`);
  return { policies: samplePolicies.length, calendars: sampleCalendars.length };
}

type Versioned = { name: string; version: number; effectiveFrom: string };

async function publish(source: DataSource, table: 'calendars' | 'policies', versions: Versioned[]): Promise<void> {
  for (const { name, version, effectiveFrom, ...body } of versions) {
    await source.query(`INSERT INTO ${table} (name, version, effective_from, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, [
      name,
      version,
      effectiveFrom,
      { name, version, effectiveFrom, ...body },
    ]);
  }
}
