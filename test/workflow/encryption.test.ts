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

  /** Everything of the history that is not an id or a type of Temporal's own, with payloads as the server has them. */
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

  it('becomes official, and its workflow history shows neither claim nor phase', async () => {
    const claim = await stage.notified();
    expect((await stage.engine.process(claim.claimId))!.view).to.have.nested.property('position.phase', 'consent_pending');
    await stage.handle(claim).signal('optOut', { reason: 'no thanks' });
    await stage.until(claim, 'rejected');
    await stage.untilStatus(claim, 'COMPLETED');
    const payloads = await payloadsOf(workflowIds.claim(claim.claimId));
    expect(payloads).to.include('binary/encrypted');
    // Search attributes are for searching, so they are never encrypted.
    for (const secret of [claim.claimId, 'needsDirectory', 'noticeId', 'no thanks', 'under_review'])
      expect(payloads).to.not.include(secret);
  });

  it('accepts a raw signal that was not encrypted', async () => {
    const claim = await stage.notified();
    const { connection } = stage.namespace;
    const plain = createClient(connection, []);
    await plain.client.workflow.getHandle(workflowIds.claim(claim.claimId)).signal('optOut');
    await plain.close();
    await stage.until(claim, 'rejected');
  });

  it('reads what was encrypted under an earlier key', async () => {
    const claim = await stage.notified();
    const older = createClient(stage.namespace.connection, [oldKey]);
    await older.client.workflow.getHandle(workflowIds.claim(claim.claimId)).signal('optOut', { reason: 'no' });
    await older.close();
    await stage.until(claim, 'rejected');
  });

  it('shows operators alone why a step is retried', async function () {
    this.timeout(60_000);
    const claim = await stage.submitted();
    stage.directory.isDown = true;
    await claim.accept('approveClaim', reviewer, {}, { withFacts: false });
    await stage.engine.wake(claim);
    await waitFor('the reason', async () => {
      const process = await stage.engine.process(claim.claimId);
      return process!.retrying[0]?.error === 'The directory is down.';
    });
    stage.directory.isDown = false;
    await stage.untilWindow(claim);
    expect(await payloadsOf(workflowIds.claim(claim.claimId))).to.not.include('The directory is down.');
  });
});
