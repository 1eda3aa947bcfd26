import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect } from 'chai';
import { noScanner } from '#libs/evidence/index.js';
import { creating, importRows } from '#libs/imports/index.js';
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

  async function untilPhase(job: TestImport, phase: string, count: number): Promise<void> {
    await waitFor(`${count} claims to be ${phase}`, async () => {
      const claimIds = (await job.rows()).map(({ claimId }) => claimId);
      return (await phasesOf(claimIds)).filter((claim) => claim.phase === phase).length === count;
    });
  }

  it('submits each row like any other claim, and reports the rows that the rules refuse', async function () {
    this.timeout(60_000);
    const good = claims(2);
    const rows = [
      good[0]!,
      { ...sentClaim(stage.newTenant()), evidence: [], acknowledgementVersion: null },
      sentClaim(stage.newTenant(), { programme: 'nowhere' }),
      sentClaim(stage.newTenant(), { evidence: [{ fileName: 'a.svg', contentBase64: Buffer.from('<svg/>').toString('base64') }] }),
      good[1]!,
    ];
    const job = await new TestImport(stage).create(rows);
    await job.wake();
    await job.until('done');
    await untilPhase(job, 'submitted', 2);
    const settled = await job.rows();
    expect(settled.map(({ outcome, codes }) => [outcome, ...codes])).to.deep.equal([
      ['accepted'],
      ['refused', 'acknowledgement_required', 'evidence_missing'],
      ['refused', 'programme_unknown'],
      ['refused', 'evidence_type'],
      ['accepted'],
    ]);
    expect(settled.map(({ content }) => content)).to.deep.equal([null, null, null, null, null]);
    expect(settled.map(({ claimId }) => claimId === null)).to.deep.equal([false, true, true, true, false]);
    await waitFor('the workflow to end', async () => (await job.handle.describe()).status.name === 'COMPLETED');
  });

  it('creates drafts without workflows when nothing is submitted', async () => {
    const job = await new TestImport(stage).create(claims(2), false);
    await job.wake();
    await job.until('done');
    const rows = await job.rows();
    expect(rows.map(({ outcome }) => outcome)).to.deep.equal(['drafted', 'drafted']);
    for (const { claimId } of rows) expect(await stage.engine.process(claimId!)).to.equal(null);
  });

  it('sends no personal data to Temporal', async () => {
    const job = await new TestImport(stage).create([sentClaim(stage.newTenant(), { contacts: { customer: { name: 'Zacharias Quill' } } })]);
    await job.wake();
    await job.until('done');
    const history = historyToJSON(await job.handle.fetchHistory());
    expect(Buffer.from(history, 'utf8').toString()).to.not.include('Quill');
    const payloads = [...history.matchAll(/"data":\s*"([^"]+)"/g)].map(([, data]) => Buffer.from(data!, 'base64').toString());
    expect(payloads.join()).to.include(job.importId).and.to.not.include('Quill');
  });

  it('gives later commands to an imported claim the usual priority', async () => {
    const job = await new TestImport(stage).create(claims(1));
    await job.wake();
    await job.until('done');
    await untilPhase(job, 'submitted', 1);
    const claimId = (await job.rows())[0]!.claimId!;
    const { priority } = await stage.namespace.client.workflow.getHandle(workflowIds.claim(claimId)).describe();
    expect(priority).to.deep.include({ priorityKey: 1, fairnessKey: job.partnerAccountId });
    const [started] = (await stage.namespace.client.workflow.getHandle(workflowIds.claim(claimId)).fetchHistory()).events!;
    expect(started!.workflowExecutionStartedEventAttributes!.priority).to.deep.include({ priorityKey: 5 });
    const claim = Object.assign(new TestClaim(stage), { claimId });
    expect(await claim.executeCommand('startReview', reviewer, {})).to.deep.include({ status: 'done' });
  });

  it('creates no claim twice when the worker dies before it records the outcome', async function () {
    this.timeout(60_000);
    const job = await new TestImport(stage).create(claims(4));
    await stage.stopWorker();
    let isFirst = true;
    await stage.startWorker(undefined, (activities) => ({
      importRows: async (step) => {
        const progress = await activities.importRows(step);
        if (!isFirst) return progress;
        isFirst = false;
        // Undoes the outcomes, as if the worker had died before it wrote them.
        await stage.source.query(
          `UPDATE claim_import_rows r SET outcome = NULL, claim_id = NULL, command_id = NULL, content = $2::jsonb -> (row - 1)
           WHERE import_id = $1`,
          [job.importId, JSON.stringify(contents)],
        );
        await stage.source.query("UPDATE claim_imports SET state = 'running' WHERE import_id = $1", [job.importId]);
        throw new Error('The worker died.');
      },
    }));
    const contents = (await job.rows()).map(({ content }) => content);
    const before = await countClaims();
    await job.wake();
    await waitFor('the step to be repeated', () => !isFirst);
    await job.until('done');
    await untilPhase(job, 'submitted', 4);
    expect(await countClaims()).to.equal(before + 4);
    const commands = await stage.source.query(
      'SELECT type, count(*)::int AS count FROM claim_commands WHERE claim_id = ANY($1) GROUP BY type ORDER BY type',
      [(await job.rows()).map(({ claimId }) => claimId)],
    );
    expect(commands).to.deep.equal([
      { type: 'addEvidence', count: 4 },
      { type: 'draftClaim', count: 4 },
      { type: 'submitClaim', count: 4 },
    ]);
    await stage.stopWorker();
  });

  const countClaims = async () => (await stage.source.query('SELECT count(*)::int AS count FROM claims'))[0].count as number;

  it('continues where it stopped when its worker returns', async function () {
    this.timeout(60_000);
    const job = await new TestImport(stage).create(claims(imports.batchRows + 2));
    await job.wake();
    await waitFor('the first batch', async () => (await job.settledRows()) === imports.batchRows);
    await stage.stopWorker();
    expect(await job.state()).to.equal('running');
    await stage.startWorker();
    await job.until('done', 30_000);
    expect((await job.rows()).every(({ outcome }) => outcome === 'accepted')).to.equal(true);
  });

  it('pauses and resumes by its row or by a signal', async function () {
    this.timeout(60_000);
    const job = await new TestImport(stage).create(claims(imports.batchRows + 1));
    await job.handle.signal('pause').catch(() => undefined);
    await job.store.move(job.importId, 'paused');
    await job.wake();
    await waitFor('the workflow to pause', async () => (await progressOf(job))?.state === 'paused');
    expect(await job.settledRows()).to.equal(0);
    await job.handle.signal('resume');
    await waitFor('the first batch', async () => (await job.settledRows()) === imports.batchRows);
    // Rows are settled before the step that settles them ends.
    await waitFor('the workflow to resume', async () => (await progressOf(job))?.state === 'running');
    await job.handle.signal('pause');
    await job.until('paused');
    expect(await job.settledRows()).to.equal(imports.batchRows);
    await job.store.move(job.importId, 'running');
    await job.wake();
    await job.until('done');
  });

  const progressOf = (job: TestImport) => job.handle.query<{ state: string; waiting: number } | null>('importProgress').catch(() => null);

  it('ends when it is cancelled and keeps the claims already created', async function () {
    this.timeout(60_000);
    const job = await new TestImport(stage).create(claims(imports.batchRows + 1));
    await job.wake();
    await waitFor('the first batch', async () => (await job.settledRows()) === imports.batchRows);
    await job.handle.signal('cancel');
    await waitFor('the workflow to end', async () => (await job.handle.describe()).status.name === 'COMPLETED');
    const rows = await job.rows();
    expect(rows.map(({ outcome }) => outcome)).to.deep.equal([...Array<string>(imports.batchRows).fill('accepted'), 'cancelled']);
    expect(rows.at(-1)!.content).to.equal(null);
    await untilPhase(job, 'submitted', imports.batchRows);
  });

  it('is started by the reconciliation when Temporal has lost it', async function () {
    this.timeout(60_000);
    const job = await new TestImport(stage).create(claims(1));
    await stage.source.query(`UPDATE claim_imports SET created_at = created_at - interval '1 minute' WHERE import_id = $1`, [job.importId]);
    await repairImports(stage.source, stage.engine);
    await job.until('done');
  });

  it('never gives up a row because of a database fault', async () => {
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
    const job = await new TestImport(stage).create(claims(1), false);
    const newClaims = new NewClaims({
      source,
      library,
      scanner: noScanner,
      askDirectory: (claimId, details) => askDirectoryInTime(directory, claimId, details),
    });
    const work = () =>
      importRows(job.importId, {
        store: job.store,
        work: { create: creating({ newClaims, begin: () => Promise.resolve() }), update: () => Promise.resolve(null) },
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
      expect((await job.rows()).map(({ outcome }) => outcome)).to.deep.equal([null]);
    }
    await asSuperuser(stage.database, 'DROP FUNCTION failing CASCADE');
    await work();
    expect((await job.rows()).map(({ outcome }) => outcome)).to.deep.equal(['drafted']);
  });

  it('accepts a row while the directory is down, and its claim waits for the directory’s answer', async function () {
    this.timeout(60_000);
    stage.directory.isDown = true;
    const job = await new TestImport(stage).create(claims(1));
    await job.wake();
    await job.until('done');
    expect((await job.rows()).map(({ outcome }) => outcome)).to.deep.equal(['accepted']);
    stage.directory.isDown = false;
    await untilPhase(job, 'submitted', 1);
  });
});
