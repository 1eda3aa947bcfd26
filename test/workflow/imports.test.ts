import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect } from 'chai';
import { noScanner } from '#libs/evidence/index.js';
import { importRows } from '#libs/imports/index.js';
import { askDirectoryInTime } from '#libs/inbox/index.js';
import { NewClaims } from '#libs/new-claims/index.js';
import { repairImports } from '#libs/reconciliation/index.js';
import { imports, workflowIds } from '../../temporal.config.js';
import { reviewer, TestClaim } from '../support/claims.js';
import { asSuperuser } from '../support/database.js';
import { sentClaim, TestImport } from '../support/imports.js';
import { Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';

describe('an import of claims', () => {
  let stage: Stage;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
  });

  afterEach(async () => {
    stage.directory.isDown = false;
    if (stage.worker === undefined) await stage.startWorker();
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  const claims = (count: number) => Array.from({ length: count }, () => sentClaim(stage.newTenant()));
  const phasesOf = (claimIds: (string | null)[]) =>
    stage.source.query<{ phase: string; version: number }[]>('SELECT phase, version FROM claims WHERE claim_id = ANY($1)', [claimIds]);

  async function untilPhase(one: TestImport, phase: string, count: number): Promise<void> {
    await waitFor(`${count} claims to be ${phase}`, async () => {
      const claimIds = (await one.rows()).map(({ claimId }) => claimId);
      return (await phasesOf(claimIds)).filter((claim) => claim.phase === phase).length === count;
    });
  }

  it('submits each row like any claim, and reports each that the rules refuse', async function () {
    this.timeout(60_000);
    const good = claims(2);
    const rows = [
      good[0]!,
      { ...sentClaim(stage.newTenant()), evidence: [], acknowledgementVersion: null },
      sentClaim(stage.newTenant(), { programme: 'nowhere' }),
      sentClaim(stage.newTenant(), { evidence: [{ fileName: 'a.svg', contentBase64: Buffer.from('<svg/>').toString('base64') }] }),
      good[1]!,
    ];
    const one = await new TestImport(stage).create(rows);
    await one.wake();
    await one.until('done');
    await untilPhase(one, 'submitted', 2);
    const settled = await one.rows();
    expect(settled.map(({ outcome, codes }) => [outcome, ...codes])).to.deep.equal([
      ['accepted'],
      ['refused', 'acknowledgement_required', 'evidence_missing'],
      ['refused', 'programme_unknown'],
      ['refused', 'evidence_type'],
      ['accepted'],
    ]);
    expect(settled.map(({ content }) => content)).to.deep.equal([null, null, null, null, null]);
    expect(settled.map(({ claimId }) => claimId === null)).to.deep.equal([false, true, true, true, false]);
    await waitFor('the workflow to end', async () => (await one.handle.describe()).status.name === 'COMPLETED');
  });

  it('creates drafts without workflows when nothing is submitted', async () => {
    const one = await new TestImport(stage).create(claims(2), false);
    await one.wake();
    await one.until('done');
    const rows = await one.rows();
    expect(rows.map(({ outcome }) => outcome)).to.deep.equal(['drafted', 'drafted']);
    for (const { claimId } of rows) expect(await stage.engine.process(claimId!)).to.equal(null);
  });

  it('sends no personal data to Temporal', async () => {
    const one = await new TestImport(stage).create([sentClaim(stage.newTenant(), { contacts: { customer: { name: 'Zacharias Quill' } } })]);
    await one.wake();
    await one.until('done');
    const history = historyToJSON(await one.handle.fetchHistory());
    expect(Buffer.from(history, 'utf8').toString()).to.not.include('Quill');
    const payloads = [...history.matchAll(/"data":\s*"([^"]+)"/g)].map(([, data]) => Buffer.from(data!, 'base64').toString());
    expect(payloads.join()).to.include(one.importId).and.to.not.include('Quill');
  });

  it('serves commands to an imported claim with the usual priority', async () => {
    const one = await new TestImport(stage).create(claims(1));
    await one.wake();
    await one.until('done');
    await untilPhase(one, 'submitted', 1);
    const claimId = (await one.rows())[0]!.claimId!;
    const { priority } = await stage.namespace.client.workflow.getHandle(workflowIds.claim(claimId)).describe();
    expect(priority).to.deep.include({ priorityKey: 1, fairnessKey: one.partnerAccountId });
    const [started] = (await stage.namespace.client.workflow.getHandle(workflowIds.claim(claimId)).fetchHistory()).events!;
    expect(started!.workflowExecutionStartedEventAttributes!.priority).to.deep.include({ priorityKey: 5 });
    const claim = Object.assign(new TestClaim(stage), { claimId });
    expect(await claim.executeCommand('startReview', reviewer, {})).to.deep.include({ status: 'done' });
  });

  it('creates no claim twice when the worker dies before the row is written', async function () {
    this.timeout(60_000);
    const one = await new TestImport(stage).create(claims(4));
    await stage.stopWorker();
    let isFirst = true;
    await stage.startWorker(undefined, (activities) => ({
      importRows: async (step) => {
        const progress = await activities.importRows(step);
        if (!isFirst) return progress;
        isFirst = false;
        // As if the outcomes had never been written.
        await stage.source.query(
          `UPDATE claim_import_rows r SET outcome = NULL, claim_id = NULL, command_id = NULL, content = $2::jsonb -> (row - 1)
           WHERE import_id = $1`,
          [one.importId, JSON.stringify(contents)],
        );
        await stage.source.query("UPDATE claim_imports SET state = 'running' WHERE import_id = $1", [one.importId]);
        throw new Error('The worker died.');
      },
    }));
    const contents = (await one.rows()).map(({ content }) => content);
    const before = await countClaims();
    await one.wake();
    await waitFor('the step to be repeated', () => !isFirst);
    await one.until('done');
    await untilPhase(one, 'submitted', 4);
    expect(await countClaims()).to.equal(before + 4);
    const commands = await stage.source.query(
      'SELECT type, count(*)::int AS count FROM claim_commands WHERE claim_id = ANY($1) GROUP BY type ORDER BY type',
      [(await one.rows()).map(({ claimId }) => claimId)],
    );
    expect(commands).to.deep.equal([
      { type: 'addEvidence', count: 4 },
      { type: 'draftClaim', count: 4 },
      { type: 'submitClaim', count: 4 },
    ]);
    await stage.stopWorker();
  });

  const countClaims = async () => (await stage.source.query('SELECT count(*)::int AS count FROM claims'))[0].count as number;

  it('continues where it was when its worker returns', async function () {
    this.timeout(60_000);
    const one = await new TestImport(stage).create(claims(imports.batchRows + 2));
    await one.wake();
    await waitFor('the first batch', async () => (await one.settledRows()) === imports.batchRows);
    await stage.stopWorker();
    expect(await one.state()).to.equal('running');
    await stage.startWorker();
    await one.until('done', 30_000);
    expect((await one.rows()).every(({ outcome }) => outcome === 'accepted')).to.equal(true);
  });

  it('pauses by its row or by a signal, and resumes on request', async function () {
    this.timeout(60_000);
    const one = await new TestImport(stage).create(claims(imports.batchRows + 1));
    await one.handle.signal('pause').catch(() => undefined);
    await one.store.move(one.importId, 'paused');
    await one.wake();
    await waitFor('the workflow to know', async () => (await progressOf(one))?.state === 'paused');
    expect(await one.settledRows()).to.equal(0);
    await one.handle.signal('resume');
    await waitFor('the first batch', async () => (await one.settledRows()) === imports.batchRows);
    // Rows are settled before the step that settles them is over.
    await waitFor('the workflow to know', async () => (await progressOf(one))?.state === 'running');
    await one.handle.signal('pause');
    await one.until('paused');
    expect(await one.settledRows()).to.equal(imports.batchRows);
    await one.store.move(one.importId, 'running');
    await one.wake();
    await one.until('done');
  });

  const progressOf = (one: TestImport) => one.handle.query<{ state: string; waiting: number } | null>('importProgress').catch(() => null);

  it('ends when it is cancelled, and keeps the claims already created', async function () {
    this.timeout(60_000);
    const one = await new TestImport(stage).create(claims(imports.batchRows + 1));
    await one.wake();
    await waitFor('the first batch', async () => (await one.settledRows()) === imports.batchRows);
    await one.handle.signal('cancel');
    await waitFor('the workflow to end', async () => (await one.handle.describe()).status.name === 'COMPLETED');
    const rows = await one.rows();
    expect(rows.map(({ outcome }) => outcome)).to.deep.equal([...Array<string>(imports.batchRows).fill('accepted'), 'cancelled']);
    expect(rows.at(-1)!.content).to.equal(null);
    await untilPhase(one, 'submitted', imports.batchRows);
  });

  it('is restarted by the reconciliation when Temporal has lost it', async function () {
    this.timeout(60_000);
    const one = await new TestImport(stage).create(claims(1));
    await stage.source.query(`UPDATE claim_imports SET created_at = created_at - interval '1 minute' WHERE import_id = $1`, [one.importId]);
    await repairImports(stage.source, stage.engine);
    await one.until('done');
  });

  it('never gives up a row because the database is away', async () => {
    const { source, library, directory } = stage;
    const failing = async (state: string) => {
      await asSuperuser(
        stage.database,
        `CREATE OR REPLACE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '${state}'; END $$`,
      );
      await asSuperuser(
        stage.database,
        'CREATE OR REPLACE TRIGGER failing BEFORE INSERT ON claims FOR EACH ROW EXECUTE FUNCTION failing()',
      );
    };
    const one = await new TestImport(stage).create(claims(1), false);
    const newClaims = new NewClaims({
      source,
      library,
      scanner: noScanner,
      askDirectory: (claimId, details) => askDirectoryInTime(directory, source, claimId, details),
    });
    const work = () =>
      importRows(one.importId, {
        store: one.store,
        newClaims,
        begin: () => Promise.resolve(),
        isLastAttempt: true,
        onProgress: () => undefined,
      });
    for (const state of ['25006', '53100', '57P03']) {
      await failing(state);
      const fault = await work().then(
        () => null,
        (error: Error) => error,
      );
      expect(fault?.message, state).to.include('not now');
      expect((await one.rows()).map(({ outcome }) => outcome)).to.deep.equal([null]);
    }
    await asSuperuser(stage.database, 'DROP FUNCTION failing CASCADE');
    await work();
    expect((await one.rows()).map(({ outcome }) => outcome)).to.deep.equal(['drafted']);
  });

  it('accepts a row while the directory is silent, and its claim waits for the answer', async function () {
    this.timeout(60_000);
    stage.directory.isDown = true;
    const one = await new TestImport(stage).create(claims(1));
    await one.wake();
    await one.until('done');
    expect((await one.rows()).map(({ outcome }) => outcome)).to.deep.equal(['accepted']);
    stage.directory.isDown = false;
    await untilPhase(one, 'submitted', 1);
  });
});
