import { createInterface } from 'node:readline/promises';
import { UsageError } from './faults.js';

export interface Streams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: NodeJS.ProcessEnv;
}

export interface Column<Row> {
  title: string;
  of: (row: Row) => string | number | null | undefined;
}

/** Data goes to standard output, words to standard error. */
export class Terminal {
  constructor(
    private readonly streams: Streams,
    private readonly looks: { json: boolean; noInput: boolean; noColor: boolean },
  ) {}

  get isJson(): boolean {
    return this.looks.json;
  }

  /** Says something to the person. */
  say(words: string): void {
    this.streams.stderr.write(`${words}\n`);
  }

  /** Overwrites the last line of progress; says nothing where nobody watches. */
  progress(words: string): void {
    if (this.streams.stderr.isTTY) this.streams.stderr.write(`\r\u001b[K${words}`);
  }

  write(data: string): void {
    this.streams.stdout.write(data);
  }

  /** Prints one thing: as JSON, or in words. */
  print(data: unknown, words: () => string): void {
    this.write(this.isJson ? `${JSON.stringify(data, null, 2)}\n` : `${words()}\n`);
  }

  /** Prints a line for each thing as it comes: as JSON Lines, or in words. */
  printLine(data: unknown, words: () => string): void {
    this.write(this.isJson ? `${JSON.stringify(data)}\n` : `${words()}\n`);
  }

  /** Prints rows: as a JSON array, or as a table. */
  table<Row>(rows: Row[], columns: Column<Row>[], none: string): void {
    if (this.isJson) return this.write(`${JSON.stringify(rows, null, 2)}\n`);
    if (rows.length === 0) return this.say(none);
    const cells = rows.map((row) => columns.map(({ of }) => oneLine(String(of(row) ?? ''))));
    const widths = columns.map(({ title }, index) => Math.max(title.length, ...cells.map((row) => row[index]!.length)));
    const line = (row: string[]) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join('  ');
    this.write(`${this.bold(line(columns.map(({ title }) => title.toUpperCase())))}\n`);
    for (const row of cells) this.write(`${line(row).trimEnd()}\n`);
  }

  /** Prints what belongs to one thing, a line each. */
  facts(data: unknown, facts: [name: string, value: string | null | undefined][]): void {
    const shown = facts.filter(([, value]) => value);
    const width = Math.max(...shown.map(([name]) => name.length));
    this.print(data, () => shown.map(([name, value]) => `${this.bold(name.padEnd(width))}  ${value}`).join('\n'));
  }

  /** Asks before something that cannot be undone. @throws UsageError if nobody can be asked */
  async confirm(question: string, isConfirmed: boolean): Promise<boolean> {
    if (isConfirmed) return true;
    if (this.looks.noInput || !this.streams.stdin.isTTY) throw new UsageError(`${question} Nobody can be asked here; confirm with --yes.`);
    const line = createInterface({ input: this.streams.stdin, output: this.streams.stderr });
    try {
      return /^y(es)?$/i.test((await line.question(`${question} [y/N] `)).trim());
    } finally {
      line.close();
    }
  }

  private bold(text: string): string {
    const { stdout, env } = this.streams;
    const isPlain = this.looks.noColor || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb' || !stdout.isTTY;
    return isPlain ? text : `\u001b[1m${text}\u001b[22m`;
  }
}

/** What others typed may not move the cursor or break the table. */
// eslint-disable-next-line no-control-regex
export const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
