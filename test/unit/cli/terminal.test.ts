import { expect } from 'chai';
import { UsageError } from '../../../apps/cli/src/shell/faults.js';
import { Terminal } from '../../../apps/cli/src/shell/terminal.js';

/** A terminal whose streams keep what is written to them. */
function terminal({ isTTY = false, env = {}, json = false }: { isTTY?: boolean; env?: Record<string, string>; json?: boolean }) {
  const written = { out: '', words: '' };
  const streams = {
    stdin: { isTTY },
    stdout: { isTTY, write: (text: string) => (written.out += text) },
    stderr: { isTTY, write: (text: string) => (written.words += text) },
    env,
  };
  return { written, terminal: new Terminal(streams as never, { json, noInput: false, noColor: false }) };
}

const columns = [
  { title: 'number', of: (row: { number: string; name: string | null }) => row.number },
  { title: 'name', of: (row: { number: string; name: string | null }) => row.name },
];

describe('The terminal of the command line', () => {
  it('aligns a table, and keeps what others typed from moving the cursor', () => {
    const { written, terminal: shown } = terminal({});
    shown.table(
      [
        { number: 'CLM-1', name: 'a\u001b[2Jb\nc' },
        { number: 'CLM-10', name: null },
      ],
      columns,
      'None.',
    );
    expect(written.out).to.equal('NUMBER  NAME\nCLM-1   a [2Jb c\nCLM-10\n');
  });

  it('uses bold on a terminal alone, and not where the person wants none', () => {
    const isBold = (options: Parameters<typeof terminal>[0]) => {
      const { written, terminal: shown } = terminal(options);
      shown.table([{ number: '1', name: 'a' }], columns, '');
      return written.out.includes('\u001b[1m');
    };
    expect(isBold({ isTTY: true })).to.equal(true);
    expect(isBold({ isTTY: false })).to.equal(false);
    expect(isBold({ isTTY: true, env: { NO_COLOR: '1' } })).to.equal(false);
    expect(isBold({ isTTY: true, env: { TERM: 'dumb' } })).to.equal(false);
  });

  it('prints nothing but data to standard output, and an empty list as one', () => {
    const person = terminal({});
    person.terminal.table([], columns, 'There is none.');
    expect(person.written).to.deep.equal({ out: '', words: 'There is none.\n' });
    const program = terminal({ json: true });
    program.terminal.table([], columns, 'There is none.');
    expect(program.written).to.deep.equal({ out: '[]\n', words: '' });
  });

  it('acts without a question only when told so', async () => {
    expect(await terminal({}).terminal.confirm('Sure?', true)).to.equal(true);
    const refused = await terminal({})
      .terminal.confirm('Sure?', false)
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(UsageError).with.property('message', 'Sure? Nobody can be asked here; confirm with --yes.');
  });
});
