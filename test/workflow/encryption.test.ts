import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createClient } from '#libs/engine/index.js';
import { workflowIds } from '../../temporal.config.js';
import { reviewer } from '../support/claims.js';
import { Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';

describe('a claim with encrypted payloads', () => {
  let stage: Stage;
  const oldKey = { id: 'old', key: randomBytes(32) };
  const newKey = { id: 'new', key: randomBytes(32) };

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open({ codecKeys: [newKey, oldKey] });
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  /** Returns every payload of a workflow's history as the server stores it. */
  async function payloadsOf(workflowId: string): Promise<string> {
    const { client } = stage.namespace;
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId },
    });
    const texts: string[] = [];
    const collect = (value: unknown): void => {
      if (value === null || typeof value !== 'object') return;
      if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('latin1'));
      else for (const member of Object.values(value)) collect(member);
    };
    collect(history);
    return texts.join('\n');
  }

  it('reveals no id, phase or customer’s reason in its workflow history', async () => {
    const claim = await stage.notified();
    expect((await stage.engine.process(claim.claimId))!.view).to.have.nested.property('position.phase', 'consent_pending');
    await stage.handle(claim).signal('optOut', { reason: 'no thanks' });
    await stage.until(claim, 'rejected');
    await stage.untilStatus(claim, 'COMPLETED');
    const payloads = await payloadsOf(workflowIds.claim(claim.claimId));
    expect(payloads).to.include('binary/encrypted');
    // Search attributes are never encrypted, so the check uses words that never appear in them.
    for (const secret of [claim.claimId, 'needsDirectory', 'noticeId', 'no thanks', 'under_review'])
      expect(payloads).to.not.include(secret);
  });

  it('accepts a raw signal without encryption', async () => {
    const claim = await stage.notified();
    const { connection } = stage.namespace;
    const plain = createClient(connection, []);
    await plain.client.workflow.getHandle(workflowIds.claim(claim.claimId)).signal('optOut');
    await plain.close();
    await stage.until(claim, 'rejected');
  });

  it('reads payloads that were encrypted with an earlier key', async () => {
    const claim = await stage.notified();
    const older = createClient(stage.namespace.connection, [oldKey]);
    await older.client.workflow.getHandle(workflowIds.claim(claim.claimId)).signal('optOut', { reason: 'no' });
    await older.close();
    await stage.until(claim, 'rejected');
  });

  it('shows why a step is retried to operators only', async function () {
    this.timeout(60_000);
    const claim = await stage.submitted();
    stage.directory.isDown = true;
    await claim.accept('approveClaim', reviewer, {}, { withFacts: false });
    await stage.engine.wake(claim);
    await waitFor('the reason to be shown', async () => {
      const process = await stage.engine.process(claim.claimId);
      return process!.retrying[0]?.error === 'The directory is down.';
    });
    stage.directory.isDown = false;
    await stage.untilWindow(claim);
    expect(await payloadsOf(workflowIds.claim(claim.claimId))).to.not.include('The directory is down.');
  });
});
