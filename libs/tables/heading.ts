/** Normalises a heading for comparison: case, spaces, hyphens and underscores do not count. */
export const headingKey = (name: string): string => name.replace(/[\s_-]+/g, '').toLowerCase();

/** Maps the header cells to the names of known columns. Unknown headings are kept as they are; an empty one is ''. */
export function readHeading(cells: string[], known: readonly string[]): string[] {
  const names = new Map(known.map((name) => [headingKey(name), name]));
  return cells.map((cell) => names.get(headingKey(cell)) ?? cell.trim());
}

/** Returns the cells of the named columns, or the index of the first non-empty cell that has no heading. */
export function namedCells(heading: string[], cells: string[]): { cells: string[] } | { stray: number } {
  const stray = cells.findIndex((cell, index) => (heading[index] ?? '') === '' && cell.trim() !== '');
  return stray === -1 ? { cells: cells.filter((_, index) => (heading[index] ?? '') !== '') } : { stray };
}
