import { expect } from 'chai';
import { searchAttributes, workflowIds } from '../../temporal.config.js';
import { type Product, startProduct } from '../support/product.js';

interface Check {
  check: string;
  state: 'ok' | 'warning' | 'fault' | 'skipped';
  found: string;
  matters: string | null;
  mend: string | null;
}

describe('cpor doctor', function () {
  this.timeout(180_000);
  let product: Product;

  before(async () => {
    product = await startProduct();
  });
  after(() => product?.close());

  async function doctor(): Promise<{ exitCode: number; checks: Map<string, Check> }> {
    const { exitCode, output } = await product.cpor('doctor', '--json');
    const { checks } = JSON.parse(output) as { checks: Check[] };
    for (const { state, matters, mend } of checks)
      expect([matters === null, mend === null]).to.deep.equal(Array(2).fill(['ok', 'skipped'].includes(state)));
    return { exitCode, checks: new Map(checks.map((check) => [check.check, check])) };
  }

  const wrong = (checks: Map<string, Check>) =>
    [...checks.values()].filter(({ state }) => !['ok', 'skipped'].includes(state)).map(({ check }) => check);

  it('finds nothing wrong with a new sandbox but what nobody has set', async () => {
    const { exitCode, checks } = await doctor();
    expect(wrong(checks)).to.deep.equal(['checkpoint']);
    expect(exitCode).to.equal(3);
    const passed = [
      'database',
      'writable',
      'migrations',
      'clock_skew',
      'backlog',
      'stuck_claims',
      'temporal',
      'namespace',
      'search_attributes',
      'worker',
      'schedule',
      'relay',
      'directory',
    ];
    for (const name of passed) expect(checks.get(name)?.state, name).to.equal('ok');
    const { output } = await product.cpor('doctor');
    expect(output).to.match(/^Product clock: \S+\. Node\.js v24/);
    expect(output).to.include('! The audit trail has no checkpoint.\n    Who can change the database').and.include('1 of ');
  });

  it('names what is missing in Temporal, with the command that mends it', async () => {
    await product.temporal.schedule.getHandle(workflowIds.reconciliation).pause();
    const removed = await product.temporalCli('operator', 'search-attribute', 'remove', '--name', searchAttributes.phase, '--yes');
    expect(removed.exitCode, removed.output).to.equal(0);
    const { checks } = await doctor();
    expect(checks.get('schedule')).to.include({ state: 'fault', found: 'The reconciliation is paused.' });
    expect(checks.get('search_attributes')).to.include({
      state: 'warning',
      found: `The namespace lacks the search attributes ${searchAttributes.phase}.`,
      mend: 'Run: cpor migrate',
    });

    const [, command = ''] = /^Run: temporal (.+)$/.exec(checks.get('schedule')!.mend!)!;
    expect((await product.temporalCli(...command.replace('--namespace cpor ', '').split(' '))).exitCode).to.equal(0);
    const migrated = await product.cpor('migrate');
    expect(migrated.exitCode, migrated.output).to.equal(0);
    expect(wrong((await doctor()).checks)).to.deep.equal(['checkpoint']);
  });

  it('says so while the relay, Temporal or PostgreSQL is away, and still reports the rest', async () => {
    const { mailbox, temporal, postgres } = product.stack.parts;
    await mailbox!.kill('SIGKILL');
    await temporal!.kill('SIGKILL');
    const away = (await doctor()).checks;
    expect(away.get('relay')).to.include({ state: 'fault', mend: 'Check SMTP_URL. docs/runbooks/relay-refusing.md' });
    expect(away.get('temporal')!.found).to.equal(`Temporal at ${product.stack.addresses.temporalAddress} does not answer.`);
    expect(away.has('worker')).to.equal(false);
    expect(away.get('database')?.state).to.equal('ok');
    await temporal!.start();

    await postgres!.kill('SIGKILL');
    const { exitCode, checks } = await doctor();
    expect(exitCode).to.equal(3);
    expect(checks.get('database')).to.include({ state: 'fault', mend: 'docs/runbooks/database-silent.md' });
    expect(checks.get('temporal')?.state).to.equal('ok');
    await postgres!.start();
    expect((await doctor()).checks.get('database')?.state).to.equal('ok');
  });
});
