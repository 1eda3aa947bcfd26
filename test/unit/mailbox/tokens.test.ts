import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';
import { tokens } from '../../../apps/mailbox/src/pages/tokens.js';

const declarationsOf = (css: string) => new Map([...css.matchAll(/^\s*(--[\w-]+):\s*(.+);$/gm)].map(([, name, value]) => [name!, value!]));

describe('the mailbox’s colours, space and type', () => {
  it('are those of the console', async () => {
    const ours = declarationsOf(tokens);
    const consoles = declarationsOf(await readFile(join(checkoutRoot, 'apps/console/src/design/tokens.css'), 'utf8'));
    expect([...ours].filter(([name, value]) => consoles.get(name) !== value)).to.deep.equal([]);
    expect(ours.size).to.be.greaterThan(20);
  });
});
