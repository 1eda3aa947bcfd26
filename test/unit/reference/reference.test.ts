import { expect } from 'chai';
import { commandTable, type CommandType } from '#libs/claims/index.js';
import { letterKinds } from '#libs/notices/index.js';
import { referencePages } from '#libs/reference/index.js';
import { matrix, outcomes } from '../claims/matrix.expected.js';

const rowOf = (page: string, name: string): string[] => {
  const line = referencePages[page]!()
    .split('\n')
    .find((row) => row.startsWith(`| \`${name}\` `));
  return line!.split('|').map((cell) => cell.trim());
};

describe('the printed reference', () => {
  it('lists every phase that a command reaches in the matrix', () => {
    const reached = new Map<string, Set<string>>();
    for (const row of matrix.trim().split('\n').slice(1)) {
      const [command, ...cells] = row.trim().split(/\s+/);
      const phases = cells.flatMap((cell) => (outcomes[cell] !== undefined && 'to' in outcomes[cell] ? [outcomes[cell].to] : []));
      reached.set(command!, new Set([...(reached.get(command!) ?? []), ...phases]));
    }
    for (const [command, phases] of reached) expect(commandTable[command as CommandType].leadsTo, command).to.include.members([...phases]);
  });

  it('lists the phases into which an event moves a line, and the event’s audiences', () => {
    expect(rowOf('events.md', 'LinesRejected').slice(-3, -1)).to.deep.equal([
      '`rejected`, `rejected_final`',
      'partner, reviewer, vendor, customer (some)',
    ]);
    expect(rowOf('events.md', 'LineCarriedOver').slice(-3, -1)).to.deep.equal(['`consent_pending`', 'partner, reviewer, vendor, customer']);
    expect(rowOf('events.md', 'CommentAdded').slice(-3, -1)).to.deep.equal(['-', 'partner (some), reviewer, vendor']);
  });

  it('lists the event and the recipients of every letter', () => {
    for (const kind of letterKinds) expect(rowOf('events.md', kind).slice(2, 4), kind).not.to.include('-');
    expect(rowOf('events.md', 'expiry_notice').slice(2, 4)).to.deep.equal(['`ExpiryNoticeDue`', 'partner']);
  });
});
