/** A heading as it is compared: without case, spaces, hyphens and underscores. */
const key = (name: string): string => name.replace(/[\s_-]+/g, '').toLowerCase();

/** The columns of a heading by their own names; what nobody knows keeps its words, and nothing is the name of an empty one. */
export function readHeading(cells: string[], known: readonly string[]): string[] {
  const names = new Map(known.map((name) => [key(name), name]));
  return cells.map((cell) => names.get(key(cell)) ?? cell.trim());
}

/** The cells under a heading's names. Cells beyond it, and those under no name, count only when they hold something: then the place of the first. */
export function namedCells(heading: string[], cells: string[]): { cells: string[] } | { stray: number } {
  const stray = cells.findIndex((cell, index) => (heading[index] ?? '') === '' && cell.trim() !== '');
  return stray === -1 ? { cells: cells.filter((_, index) => (heading[index] ?? '') !== '') } : { stray };
}
