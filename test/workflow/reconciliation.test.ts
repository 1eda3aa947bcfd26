import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { EvidenceStore } from '#libs/evidence/index.js';
import { executeCommands, lookUpForClaim } from '#libs/inbox/index.js';
import { repairClaims } from '#libs/reconciliation/index.js';
import { taskQueues, workflowIds } from '../../temporal.config.js';
import { reviewer } from '../support/claims.js';
import { asSuperuser } from '../support/database.js';
import { Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';

const mainOf = (app: string) => fileURLToPath(new URL(`../../apps/${app}/src/main.js`, import.meta.url));

/** The report of the operator's command when it finds unprocessed commands and nothing else. */
const summary = (commands: number): string =>
  `Woke ${commands} claims (command_without_outcome ${commands}, alarm_overdue 0, notice_not_attempted 0, letter_not_attempted 0, workflow_missing 0, association_out_of_step 0).\n`;

describe('the reconciliation', () => {
  let stage: Stage;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  const environment = () => ({
    PATH: process.env['PATH'],
    CPOR_MODE: 'sandbox',
    DATABASE_URL: stage.database.appUrl,
    TEMPORAL_ADDRESS: stage.namespace.connection.address,
    TEMPORAL_NAMESPACE: stage.namespace.connection.namespace,
  });

  async function reconcile(): Promise<{ code: number; stdout: string; stderr: string }> {
    return promisify(execFile)(process.execPath, [mainOf('cli'), 'reconcile'], { env: environment() }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
  }

  it('finds nothing to repair in a healthy system', async () => {
    await stage.submitted();
    await stage.notified();
    const withdrawn = await stage.submitted();
    await withdrawn.executeCommand('withdrawClaim', withdrawn.partner, {});
    await stage.drafted();
    const result = await stage.namespace.client.workflow.execute('reconciliationWorkflow', {
      workflowId: 'reconciliation-by-hand',
      taskQueue: taskQueues.claims,
    });
    expect(result).to.deep.equal({ repaired: 0, failed: 0 });
  });

  it('leaves files in quarantine when its worker has no scanner', async () => {
    const claim = await stage.drafted();
    const id = randomUUID();
    const content = Buffer.from('in quarantine');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const file = { id, claimId: claim.claimId, sha256, content, mediaType: 'application/pdf', fileName: 'a.pdf', signedOn: null };
    const store = new EvidenceStore(stage.source);
    await store.insert({ ...file, uploadedBy: 'ann', scanResult: 'waiting' });
    await claim.executeCommand('addEvidence', claim.partner, {
      evidence: { evidenceId: id, sha256, signedOn: null, cover: null, quarantine: 'waiting' },
    });
    await stage.namespace.client.workflow.execute('reconciliationWorkflow', {
      workflowId: 'reconciliation-without-scanner',
      taskQueue: taskQueues.claims,
    });
    expect((await store.find(claim.claimId, id))?.scanResult).to.equal('waiting');
    expect(await store.open(claim.claimId, id)).to.equal(null);
  });

  it('is scheduled by the worker, which can be stopped and restarted', async function () {
    this.timeout(90_000);
    const schedule = stage.namespace.client.schedule.getHandle(workflowIds.reconciliation);
    const data = await mkdtemp(join(tmpdir(), 'cpor-test-worker-'));
    for (const round of [1, 2]) {
      const child = spawn(process.execPath, [mainOf('worker')], {
        env: { ...environment(), SMTP_URL: stage.relay.url, CPOR_DATA_DIR: data },
      });
      const output: string[] = [];
      child.stdout.on('data', (chunk) => output.push(String(chunk)));
      child.stderr.on('data', (chunk) => output.push(String(chunk)));
      await waitFor(`worker ${round} to poll`, () => output.join('').includes('The worker polls'), 60_000).catch((error: Error) => {
        throw new Error(`${error.message} Its output: ${output.join('')}`);
      });
      const { spec, action } = await schedule.describe();
      expect(spec.intervals).to.have.nested.property('[0].every', 60_000);
      expect(action).to.deep.include({ workflowType: 'reconciliationWorkflow' });
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await schedule.delete();
    await rm(data, { recursive: true, force: true });
  });

  it('finds a notice that was never attempted because Temporal lost the step that requested it', async () => {
    const claim = await stage.submitted();
    await claim.accept('approveClaim', reviewer, {});
    let execution = await executeCommands(stage.source, stage.library, claim.claimId);
    if (execution.needsDirectory) {
      await lookUpForClaim(stage.directory, stage.source, claim.claimId);
      execution = await executeCommands(stage.source, stage.library, claim.claimId);
    }
    expect(execution.position.noticesToSend).to.have.length(1);
    const report = await repairClaims(stage.source, stage.engine, { graceSeconds: 0 });
    expect(report).to.deep.include({ repaired: 1, failed: 0 });
    expect(report.byReason.notice_not_attempted).to.equal(1);
    await stage.untilWindow(claim);
    expect(await repairClaims(stage.source, stage.engine, { graceSeconds: 0 })).to.deep.include({ repaired: 0 });
  });

  it('reads the claims page by page with a heartbeat after each page, and misses none', async () => {
    const orphans = await Promise.all(Array.from({ length: 5 }, () => stage.submitted()));
    for (const claim of orphans) await stage.handle(claim).terminate('lost');
    const isListed = async () => {
      const running: string[] = [];
      for await (const claimId of stage.engine.runningClaims()) running.push(claimId);
      return orphans.some(({ claimId }) => running.includes(claimId));
    };
    await waitFor('the loss to be listed', async () => !(await isListed()));
    let heartbeats = 0;
    const repair = (onProgress = () => {}) => repairClaims(stage.source, stage.engine, { graceSeconds: 0, pageSize: 2, onProgress });
    const report = await repair();
    expect([report.repaired, report.byReason.workflow_missing, report.unlisted]).to.deep.equal([5, 5, null]);
    await waitFor('all new runs to be listed', async () => {
      const running = new Set<string>();
      for await (const claimId of stage.engine.runningClaims()) running.add(claimId);
      return orphans.every(({ claimId }) => running.has(claimId));
    });
    expect(await repair(() => heartbeats++)).to.deep.include({ repaired: 0, failed: 0 });
    const [{ open }] = await stage.source.query<[{ open: number }]>('SELECT count(*)::int AS open FROM claims WHERE is_open');
    expect(heartbeats).to.be.at.least(Math.floor(open / 2));
  });

  it('wakes claims with unprocessed commands even if running workflows cannot be listed, and reports the fault', async () => {
    const late = await stage.submitted();
    await late.accept('startReview', reviewer, {});
    const engine = Object.assign(Object.create(stage.engine), {
      runningClaims: () => {
        throw new Error('visibility is down');
      },
    }) as typeof stage.engine;
    const report = await repairClaims(stage.source, engine, { graceSeconds: 0 });
    expect(report).to.deep.include({ repaired: 1, failed: 0, unlisted: 'visibility is down' });
    await stage.until(late, 'under_review');
  });

  it('wakes the others when one claim cannot be woken', async function () {
    this.timeout(60_000);
    const unwakeable = await stage.submitted();
    const healthy = await Promise.all([stage.submitted(), stage.submitted()]);
    const commands = await Promise.all([unwakeable, ...healthy].map((claim) => claim.accept('startReview', reviewer, {})));
    // Temporal refuses a fairness key of this length.
    await asSuperuser(stage.database, 'UPDATE claims SET partner_account_id = $2 WHERE claim_id = $1', [
      unwakeable.claimId,
      'x'.repeat(300),
    ]);
    const report = await repairClaims(stage.source, stage.engine, { graceSeconds: 0 });
    expect(report).to.deep.include({ repaired: 2, failed: 1 });
    for (const claim of healthy) await stage.until(claim, 'under_review');
    expect(await unwakeable.outcome(commands[0]!.commandId)).to.equal(null);

    const byHand = await reconcile();
    expect(byHand).to.deep.include({
      code: 1,
      stdout: summary(0),
    });
    expect(byHand.stderr).to.include('1 claims could not be woken.');
    await asSuperuser(stage.database, 'UPDATE claims SET partner_account_id = $2 WHERE claim_id = $1', [
      unwakeable.claimId,
      unwakeable.partnerAccountId,
    ]);
    expect(await reconcile()).to.deep.equal({
      code: 0,
      stdout: summary(1),
      stderr: '',
    });
    await stage.until(unwakeable, 'under_review');
  });
});
