import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

export type Figure = number | string | null;

/** Prints a measurement as one line of JSON on stdout, with the load average of the machine beside it. */
export function measurement(name: string, figures: Record<string, unknown>): void {
  console.log(JSON.stringify({ measurement: name, ...figures, loadAverage: rounded(loadavg()[0]!) }));
}

/** Prints rows under headings, aligned. The first column is text, the others are numbers. */
export function table(headings: string[], rows: Figure[][]): void {
  const cells = [
    headings,
    ...rows.map((row) => row.map((figure) => (typeof figure === 'number' ? String(rounded(figure)) : (figure ?? '')))),
  ];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  const [head, ...rest] = cells.map(line);
  console.log([head, widths.map((width) => '─'.repeat(width)).join('  '), ...rest].join('\n'));
}

/** Rounds to three significant digits, and large numbers to whole ones. */
export const rounded = (value: number): number => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));

/** The middle one of an odd number of values. */
export const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** CPU seconds that all processes of the machine have used, and how many processors there are. Linux only. */
export function machineCpu(): { seconds: number; processors: number } {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .split(/\s+/)
    .map(Number);
  return { seconds: (user + nice + system + irq + softIrq) / 100, processors: cpus().length };
}
