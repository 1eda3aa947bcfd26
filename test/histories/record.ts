import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type History, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { checkoutRoot } from '#libs/embedded/index.js';
import { readClock } from '#libs/event-store/index.js';
import { dispatchWebhooks } from '#libs/webhooks/index.js';
import { customer, evergreen, ironbridge, reviewer, secondReviewer, TestClaim } from '../support/claims.js';
import { sentClaim, TestImport } from '../support/imports.js';
import { brief, days, namesOf, Stage } from '../support/stage.js';
import { subscription, TestCustomer } from '../support/subscriptions.js';
import { waitFor } from '../support/wait.js';
import { registeredReceiver } from '../support/webhook-endpoints.js';
import { imports, taskQueues, workflowIds } from '../../temporal.config.js';

/**
 * Records a history of each main path for the replay tests: `npm run histories`. Run it when a path is new, or changed on purpose. The histories of
 * releases are beside these, and are never recorded again (test/histories/README.md).
 */
describe('recorded histories', function () {
  this.timeout(120_000);
  let stage: Stage;

  before(async () => {
    stage = await Stage.open();
    // Claims of an import take their numbers from the sequence, those of the tests count from 1.
    await stage.source.query("SELECT nextval('claim_numbers') FROM generate_series(1, 1000)");
  });

  after(() => stage?.close());

  const record = async (name: string, claim: TestClaim, runId?: string): Promise<void> => write(name, await stage.history(claim, runId));

  async function recordAssociation(name: string, associationId: string): Promise<void> {
    const handle = stage.namespace.client.workflow.getHandle(workflowIds.association(associationId));
    await waitFor('the association to have ended', async () => (await handle.describe()).status.name === 'COMPLETED');
    await write(name, await handle.fetchHistory());
  }

  async function write(name: string, recorded: History): Promise<void> {
    const folder = join(checkoutRoot, 'test/histories/unreleased');
    await mkdir(folder, { recursive: true });
    // The machine's name and its paths do not belong into the repository.
    const history = historyToJSON(recorded)
      .replace(new RegExp(`\\d+@${hostname()}`, 'g'), 'recorder')
      .replace(/"stackTrace":\s*"(?:[^"\\]|\\.)*"/g, '"stackTrace":""');
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(JSON.parse(history))}\n`);
  }

  it('plain', async () => {
    const claim = await stage.notified({ programme: brief.name });
    await stage.untilStatus(claim, 'COMPLETED');
    await record('plain', claim);
  });

  it('fast-forwarded', async () => {
    const claim = await stage.notified();
    await stage.advance(days(12));
    await stage.untilStatus(claim, 'COMPLETED');
    await record('fast-forwarded', claim);
  });

  it('information request', async () => {
    const claim = await stage.submitted();
    const { runId } = await stage.handle(claim).describe();
    await stage.handle(claim).signal('requestInformation', { reason: 'evidence_all_missing' });
    await stage.until(claim, 'action_required');
    await claim.accept('addEvidence', claim.partner, {
      evidence: { evidenceId: claim.claimId, sha256: '1'.repeat(64), signedOn: new Date().toISOString().slice(0, 10), cover: null },
    });
    await claim.executeCommand('submitClaim', claim.partner, {});
    await waitFor('the next run', async () => (await stage.handle(claim).describe()).runId !== runId);
    await claim.executeCommand('approveClaim', reviewer, {});
    await stage.untilWindow(claim);
    await record('information-request', claim, runId);
    await record('resubmission', claim);
  });

  it('opt-out', async () => {
    const claim = await stage.notified();
    await stage.handle(claim).signal('optOut', { reason: 'no' });
    await stage.untilStatus(claim, 'COMPLETED');
    await record('opt-out', claim);
  });

  it('late opt-out', async () => {
    const claim = await stage.notified({ programme: brief.name });
    await stage.stopWorker();
    await waitFor('the timer to fire', async () => (await stage.historyTypes(claim)).includes('TimerFired'));
    const { commandId } = await claim.accept('optOut', customer, {});
    await stage.engine.wake(claim, 'optOut', commandId);
    await stage.startWorker();
    await stage.until(claim, 'ended');
    await stage.untilStatus(claim, 'COMPLETED');
    await record('late-opt-out', claim);
  });

  it('dispute', async () => {
    const claim = await stage.submitted({ programme: brief.name });
    await claim.executeCommand('rejectClaim', reviewer, { reason: 'evidence_insufficient' });
    await claim.executeCommand('openDispute', claim.partner, { textId: claim.claimId });
    await claim.executeCommand('decideDispute', secondReviewer, { outcome: 'approve' });
    await stage.untilStatus(claim, 'COMPLETED');
    await record('dispute', claim);
  });

  it('silent directory', async () => {
    const claim = await stage.drafted();
    stage.directory.isDown = true;
    await claim.accept('submitClaim', claim.partner, {}, { withFacts: false });
    await stage.engine.wake(claim);
    await waitFor('the durable step', async () => ((await stage.engine.process(claim.claimId))?.retrying.length ?? 0) > 0);
    stage.directory.isDown = false;
    await stage.until(claim, 'submitted');
    await claim.executeCommand('withdrawClaim', claim.partner, {});
    await stage.untilStatus(claim, 'COMPLETED');
    await record('silent-directory', claim);
  });

  it('failed notice', async () => {
    stage.relay.answer = () => 550;
    const claim = await stage.approved();
    await waitFor('both refusals', async () => (await claim.eventTypes()).filter((type) => type === 'NoticeFailed').length === 2);
    stage.relay.answer = () => 'accept';
    const contacts = { ...claim.details.contacts, customer: claim.contact(`new@${claim.details.domain}`) };
    const person = { personId: contacts.customer.personId, kind: 'contact' as const, content: { email: `new@${claim.details.domain}` } };
    await claim.executeCommand('editClaim', claim.partner, { changes: { contacts } }, { personal: [person] });
    await stage.untilWindow(claim);
    await claim.executeCommand('optOut', customer, {});
    await stage.untilStatus(claim, 'COMPLETED');
    await record('failed-notice', claim);
  });

  it('import', async () => {
    const rows = Array.from({ length: imports.batchRows + 1 }, () => sentClaim(stage.newTenant()));
    const one = await new TestImport(stage).create(rows);
    await one.store.move(one.importId, 'paused');
    await one.wake();
    await waitFor('the import to rest', async () => (await one.handle.query<{ state: string } | null>('importProgress'))?.state === 'paused');
    await one.handle.signal('resume');
    await one.until('done');
    await waitFor('its end', async () => (await one.handle.describe()).status.name === 'COMPLETED');
    await write('import', await one.handle.fetchHistory());
  });

  it('settlement', async () => {
    await stage.engine.wakeSettlement();
    const handle = stage.namespace.client.workflow.getHandle(workflowIds.settlement);
    await handle.result();
    await write('settlement', await handle.fetchHistory());
  });

  it('webhook endpoint', async () => {
    const { endpointId, receiver } = await registeredReceiver(stage.source);
    const handle = stage.namespace.client.workflow.getHandle(workflowIds.webhookEndpoint(endpointId));
    const names = () => handle.fetchHistory().then(namesOf);
    const wake = () => stage.engine.wakeEndpoint(endpointId);
    receiver.answer = () => ({ status: 500 });
    await stage.submitted();
    await dispatchWebhooks(stage.source);
    await wake();
    await waitFor('a pause', async () => (await names()).includes('TimerStarted'));
    await wake();
    await waitFor('the wake-up to end the pause', async () => (await names()).includes('TimerCanceled'));
    await waitFor('a pause to end by itself', async () => (await names()).includes('TimerFired'), 45_000);
    receiver.answer = () => ({ status: 200, afterMs: 1_000 });
    const before = receiver.received.length;
    await waitFor('another attempt', () => Promise.resolve(receiver.received.length > before), 45_000);
    await wake();
    await waitFor('the end', async () => (await handle.describe()).status.name === 'COMPLETED', 45_000);
    await write('webhook-endpoint', await handle.fetchHistory());
    await receiver.stop();
  });

  it('refused submission', async () => {
    const claim = await stage.drafted();
    await claim.accept('editClaim', claim.partner, { changes: { acknowledgementVersion: null } });
    await claim.execute();
    await claim.executeCommand('submitClaim', claim.partner, {});
    await stage.untilStatus(claim, 'COMPLETED');
    await record('refused-submission', claim);
  });

  const officialOf = async (claim: TestClaim, line = 1) => (await claim.row()).state.lines.find((one) => one.line === line)!.official!;

  it('association begun', async () => {
    const claim = await stage.notified({ programme: brief.name });
    await stage.untilStatus(claim, 'COMPLETED');
    await record('association-begun', claim);
    await claim.executeCommand('endAssociation', claim.partner, { reason: 'partner_disassociated', textId: claim.claimId });
    await stage.untilStatus(claim, 'COMPLETED');
    await record('association-given-up', claim);
  });

  it('association held by another partner', async () => {
    const tenant = new TestCustomer(stage.source);
    await tenant.setSubscriptions();
    const holder = await stage.notified({ programme: brief.name, tenant, partner: evergreen });
    await stage.untilStatus(holder, 'COMPLETED');
    const { associationId } = await officialOf(holder);
    const rival = await stage.submitted({ programme: brief.name, tenant, partner: ironbridge });
    const hearing = stage.namespace.client.workflow.getHandle(workflowIds.association(associationId));
    const isAsleep = () => hearing.fetchHistory().then((history) => namesOf(history).includes('TimerStarted'));
    await waitFor('the hearing to begin', () => isAsleep().catch(() => false));
    await stage.advance(days(10));
    await waitFor('the hearing to close', async () => (await holder.eventTypes()).includes('HearingClosed'));
    await rival.addEvidence();
    await rival.executeCommand('decideRivals', reviewer, { line: 1, winner: rival.claimId, step: 'newest_evidence' });
    await rival.executeCommand('approveClaim', reviewer, {});
    await stage.until(rival, 'official');
    await stage.untilStatus(rival, 'COMPLETED');
    await stage.untilStatus(holder, 'COMPLETED');
    await record('superseding', rival);
    await recordAssociation('association-heard', associationId);
  });

  it('association renewed', async () => {
    const tenant = new TestCustomer(stage.source);
    const now = Date.parse(await readClock(stage.source));
    const inDays = (count: number) => new Date(now + days(count)).toISOString().slice(0, 10);
    const sold = subscription({ endsOn: inDays(10) });
    await tenant.setSubscriptions(sold);
    const claim = new TestClaim(stage, { programme: brief.name, tenant });
    const lines = [{ line: 1, product: 'sales', subscriptionId: sold.subscriptionId, activities: ['presales'] }];
    Object.assign(claim.details, { area: 'business_applications', lines });
    await claim.draft();
    await claim.addEvidence();
    await claim.executeCommand('submitClaim', claim.partner, {});
    await claim.executeCommand('approveClaim', reviewer, {});
    await stage.until(claim, 'official');
    const renewal = subscription({ endsOn: inDays(375) });
    await tenant.setSubscriptions({ ...sold, successorId: renewal.subscriptionId }, renewal);
    await stage.advance(days(5));
    await waitFor('the renewal', async () => (await claim.row()).state.lines[1]?.phase === 'official');
    await stage.untilStatus(claim, 'COMPLETED');
    await record('renewal', claim);
    await stage.advance(days(10));
    await recordAssociation('association-renewed', (await officialOf(claim)).associationId);
  });

  it('reconciliation', async () => {
    const handle = await stage.namespace.client.workflow.start('reconciliationWorkflow', {
      workflowId: 'reconciliation-by-hand',
      taskQueue: taskQueues.claims,
    });
    await handle.result();
    await write('reconciliation', await handle.fetchHistory());
  });
});
