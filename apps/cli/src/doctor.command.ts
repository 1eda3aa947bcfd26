import { parseArgs } from 'node:util';
import { zoneDataVersion } from '#libs/calendar/index.js';
import { createDataSource, readClock } from '#libs/event-store/index.js';
import { calendarCoverage, type CalendarCoverage } from '#libs/publications/index.js';
import { readCliConfig, required } from './stack.js';

export const usage = `Usage: cpor doctor [--json]

Reports what deadlines are computed from: the time zone data of this runtime, and each calendar
in force with the dates it covers and the programmes that use it.

  --json   print the report as JSON

Exit code 3: a calendar needs a new version; the report says which one and by when.
`;

/** Reports what deadlines are computed from, and which calendars must be renewed. Exits with 3 when one must. */
export async function doctorCommand(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ args, options: { json: flag, help: flag } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const source = await createDataSource(required(readCliConfig().database.url, 'DATABASE_URL'), { poolSize: 1 }).initialize();
  try {
    const now = await readClock(source);
    const report = { now, node: process.version, zoneData: zoneDataVersion, calendars: await calendarCoverage(source, now.slice(0, 10)) };
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return report.calendars.some(needsRenewal) ? 3 : 0;
  } finally {
    await source.destroy();
  }
}

/** A calendar that no programme uses may run out. */
const needsRenewal = ({ programmes, warnings }: CalendarCoverage): boolean => programmes.length > 0 && warnings.length > 0;

function reportText({
  now,
  node,
  zoneData,
  calendars,
}: {
  now: string;
  node: string;
  zoneData: string;
  calendars: CalendarCoverage[];
}): string {
  const lines = calendars.flatMap((coverage) => {
    const { calendar, zone, coversFrom, coversThrough, daysLeft, programmes, warnings } = coverage;
    const users = programmes.length === 0 ? 'no programme' : programmes.join(', ');
    const line = `Calendar ${calendar}: ${zone}, holidays from ${coversFrom} to ${coversThrough} (${daysLeft} days left), used by ${users}.`;
    return [line, ...(needsRenewal(coverage) ? warnings.map(({ code, message }) => `WARNING ${code}: ${message}`) : [])];
  });
  return [`Product clock: ${now}.`, `Node.js ${node}, time zone data ${zoneData}.`, ...lines, ''].join('\n');
}
