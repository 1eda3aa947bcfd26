import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { importedTables } from '#libs/directory/index.js';

interface Column {
  headings?: string[];
  isRequired?: boolean;
}

describe('The page about filling the directory', () => {
  /** Rows of its tables: name of the table, which stands in its first row alone, then the columns and their other headings. */
  const rows = readFileSync('docs/how-to/fill-the-directory.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  for (const [table, columns] of Object.entries(importedTables) as [string, Record<string, Column>][]) {
    it(`lists every column of --${table}, what else it may be called, and whether it is required`, () => {
      const first = rows.findIndex((cells) => cells[1] === `\`--${table}\`` && cells.length > 5);
      const length = rows.slice(first + 1).findIndex((cells) => cells[1] !== '') + 1;
      const listed = rows.slice(first, first + length);
      for (const [name, { headings = [], isRequired = false }] of Object.entries(columns)) {
        const [, , , others = '', remark = ''] =
          listed.find((cells) => cells[2]?.includes(`\`${name}\``)) ?? expect.fail(`--${table} lacks ${name}`);
        expect(
          [...others.matchAll(/`([^`]+)`/g)].map(([, heading]) => heading),
          `${table}.${name}`,
        ).to.deep.equal(headings);
        expect(remark.startsWith('required'), `${table}.${name}`).to.equal(isRequired);
      }
    });
  }
});
