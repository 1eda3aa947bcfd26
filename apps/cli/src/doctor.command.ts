import { parseArgs } from 'node:util';
import { zoneDataVersion } from '#libs/calendar/index.js';
import { createDataSource, readClock } from '#libs/event-store/index.js';
import { calendarCoverage, type CalendarCoverage } from '#libs/publications/index.js';
import { readCliConfig, required } from './stack.js';

const usage = `Usage: cpor doctor [--json]

Tells the versions that deadlines are computed by: the time zone data of this runtime, and each
calendar in force with the dates that it covers and the programmes that count by it.

  --json   print the report as JSON

Exit code 3: a calendar needs a new version; the report says which and by when.
`;

/** Tells what deadlines are computed by, and which calendars are due to be renewed. */
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
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : told(report));
    return report.calendars.some(isDue) ? 3 : 0;
  } finally {
    await source.destroy();
  }
}

/** A calendar by which nothing is counted may end in peace. */
const isDue = ({ programmes, warnings }: CalendarCoverage): boolean => programmes.length > 0 && warnings.length > 0;

function told({ now, node, zoneData, calendars }: { now: string; node: string; zoneData: string; calendars: CalendarCoverage[] }): string {
  const lines = calendars.flatMap((one) => {
    const { calendar, zone, coversFrom, coversThrough, daysLeft, programmes, warnings } = one;
    const users = programmes.length === 0 ? 'no programme' : programmes.join(', ');
    const line = `Calendar ${calendar}: ${zone}, holidays from ${coversFrom} to ${coversThrough} (${daysLeft} days left), used by ${users}.`;
    return [line, ...(isDue(one) ? warnings.map(({ code, message }) => `WARNING ${code}: ${message}`) : [])];
  });
  return [`Product's time: ${now}.`, `Node.js ${node}, time zone data ${zoneData}.`, ...lines, ''].join('\n');
}
