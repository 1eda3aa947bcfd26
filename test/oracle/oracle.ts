import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { checkoutRoot } from '#libs/embedded/index.js';

/** What the oracle knows of a calendar. */
export interface OracleCalendar {
  zone: string;
  /** ISO weekdays. */
  weekend: number[];
  /** ISO dates, as are `workingDays`. */
  holidays: string[];
  workingDays: string[];
}

export type OracleCase =
  | { unit: 'business_day' | 'calendar_day'; startsAt: string; days: number }
  /** The end of an ISO date. */
  | { endOf: string }
  /** The local date of an instant. */
  | { dateOf: string };

export interface OracleQuestion {
  calendar: OracleCalendar;
  cases: OracleCase[];
}

/** Each case has some of these: see `oracle.py`. */
export interface OracleAnswer {
  day0?: string;
  countedDays?: string[];
  dueAt?: string;
  dueAtLocal?: string;
  date?: string;
}

export interface OracleVersions {
  python: string;
  numpy: string;
  /** Release of its time zone data, such as `2026a`. */
  tzdata: string;
}

/** A clock change: the first instant with the new offset, and the offsets before and after, all in milliseconds. */
export type ClockChange = [instant: number, before: number, after: number];

/** Use it to ask the oracle in Python: answers come in the order of the questions. */
export class Oracle {
  private constructor(
    readonly versions: OracleVersions,
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static async start(): Promise<Oracle> {
    const { child, lines } = startPython();
    return new Oracle(JSON.parse(await nextLine(lines)) as OracleVersions, child, lines);
  }

  /** Returns the clock changes of every zone it knows. Takes some seconds. */
  async zones(): Promise<Record<string, ClockChange[]>> {
    this.child.stdin.write('"zones"\n');
    return JSON.parse(await nextLine(this.lines)) as Record<string, ClockChange[]>;
  }

  /** Sends a question. Waits while the oracle has more than it can take. */
  async ask(question: OracleQuestion): Promise<void> {
    const { stdin } = this.child;
    if (!stdin.write(`${JSON.stringify(question)}\n`)) await new Promise((resolve) => stdin.once('drain', resolve));
  }

  /** Returns the answers to the oldest question that has none yet. */
  async answers(): Promise<OracleAnswer[]> {
    return JSON.parse(await nextLine(this.lines)) as OracleAnswer[];
  }

  close(): void {
    this.child.stdin.end();
  }
}

/**
 * Returns a sentence if the oracle and this Node have different time zone data, after which differences would be those of the data.
 * Set-up picks the oracle's release by Node's own, so this happens only where Node is given other data.
 */
export function releaseFault({ tzdata }: OracleVersions): string | null {
  const { tz } = process.versions;
  if (tz === tzdata) return null;
  return `Node has the time zone data ${tz} and the oracle ${tzdata}, so they may rightly disagree. Run the same release on both sides: see tools/oracle/tzdata.json.`;
}

function startPython() {
  const folder = readdirSync(join(checkoutRoot, '.tools')).find(
    (name) => name.startsWith('oracle-') && name.endsWith(`-tz-${process.versions.tz}`),
  );
  if (folder === undefined) throw new Error('The oracle is not installed. Run: npm run oracle');
  // Without the first, Python would take the zones of the system.
  const env = { ...process.env, PYTHONTZPATH: '', PYTHONPATH: join(checkoutRoot, '.tools', folder) };
  const child = spawn('python3', [join(checkoutRoot, 'test/oracle/oracle.py')], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error('The oracle ended early: its error stands above.');
  return value;
}
