import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type EmbeddedTemporal, startTemporal } from '#libs/embedded/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { taskQueues, workflowIds } from '../../../temporal.config.js';
import { codeOf, startTestApi, type TestApi } from '../../support/api.js';
import type { TestClaim } from '../../support/claims.js';
import { asSuperuser } from '../../support/database.js';
import { Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';
import { startTestWorker, type TestWorker } from '../../support/worker.js';

describe('Commands over HTTP while another claim’s workflow fails', function () {
  this.timeout(120_000);
  /** Claims whose commands the worker does not execute until the promise is resolved. */
  const stuck = new Map<string, PromiseWithResolvers<void>>();
  let stage: Stage;
  let api: TestApi;
  let partner: string;
  let reviewer: string;

  before(async () => {
    stage = await Stage.open({
      change: (activities) => ({
        ...activities,
        executeCommands: async (claim) => {
          await stuck.get(claim.claimId)?.promise;
          return activities.executeCommands(claim);
        },
      }),
    });
    api = await startTestApi(stage);
    partner = await api.token('claim_admin');
    reviewer = await api.token('reviewer');
  });
  after(async () => {
    for (const release of stuck.values()) release.resolve();
    await api?.close();
    await stage?.close();
  });

  const comment = (claim: TestClaim) =>
    api.call('POST', `/v1/claims/${claim.claimId}/comments`, { token: partner, body: { text: 'A comment.', visibility: 'shared' } });
  const startReview = (claim: TestClaim) => api.call('POST', `/v1/claims/${claim.claimId}/reviews`, { token: reviewer, body: {} });

  it('are answered without delay after another claim’s command is refused', async () => {
    const [mistaken, other] = [await stage.submitted(), await stage.submitted()];
    const discarded = await api.call('DELETE', `/v1/claims/${mistaken.claimId}`, { token: partner });
    const answered = await startReview(other);
    expect(codeOf(discarded)).to.deep.equal([409, 'not_in_phase']);
    expect(answered.status, answered.text).to.equal(200);
  });

  it('have their outcome although a workflow with the claim’s id rejects every message', async () => {
    const foreign = await stage.drafted();
    // A workflow with the claim's id that handles none of a claim's messages.
    await stage.namespace.client.workflow.start('importWorkflow', {
      workflowId: workflowIds.claim(foreign.claimId),
      taskQueue: taskQueues.claims,
      args: [{ importId: foreign.claimId }],
    });
    const submitted = await api.call('POST', `/v1/claims/${foreign.claimId}/submissions`, { token: partner, body: {} });
    expect([submitted.status, submitted.body['phase']]).to.deep.equal([200, 'submitted']);
  });

  it('are not delayed by a stuck claim, whose own requests are accepted with Retry-After', async () => {
    const [slow, other] = [await stage.submitted(), await stage.submitted()];
    stuck.set(slow.claimId, Promise.withResolvers());
    // The directory is to be asked first, which only the claim's workflow does.
    await slow.accept('editClaim', slow.partner, { changes: { name: 'Another name' } }, { withFacts: false });
    const comments = Array.from({ length: 20 }, () => comment(slow));
    expect((await startReview(other)).status).to.equal(200);
    const accepted = await Promise.all(comments);
    expect(accepted.map(({ status, headers }) => [status, headers.get('retry-after')])).to.deep.equal(Array(20).fill([202, '1']));
    expect((await comment(other)).status).to.equal(200);
    await asSuperuser(stage.database, "UPDATE claim_commands SET received_at = received_at - interval '1 hour' WHERE claim_id = $1", [
      slow.claimId,
    ]);
    const warned = (await api.call('GET', '/readyz')).body['warnings'] as { code: string; message: string }[];
    const behind = warned.filter(({ code }) => code === 'claims_behind').map(({ message }) => message);
    expect(behind).to.have.length(1);
    expect(behind[0]).to.match(
      /^1 claim has been waiting for an outcome or an overdue deadline for more than 5 minutes, the longest since \S+Z\./,
    );
    stuck.get(slow.claimId)!.resolve();
    await waitFor('the comments', async () => (await slow.eventTypes()).filter((type) => type === 'CommentAdded').length === 20);
  });
});

describe('Commands over HTTP while Temporal restarts', function () {
  this.timeout(180_000);
  let stage: Stage;
  let directory: string;
  let temporal: EmbeddedTemporal;
  let api: TestApi;
  let worker: TestWorker | undefined;

  before(async () => {
    stage = await Stage.open();
    directory = await mkdtemp(join(tmpdir(), 'cpor-test-stopped-'));
    temporal = await startTemporal({ directory, port: 0 });
  });
  after(async () => {
    await api?.close();
    await worker?.stop();
    await temporal?.stop();
    await rm(directory, { recursive: true, force: true });
    await stage?.close();
  });

  it('are answered, and told to their workflows as soon as Temporal is back, without reconciliation', async () => {
    const connection = { address: temporal.address, namespace: 'cpor', apiKey: null, useTls: false };
    const { client, close } = createClient(connection, []);
    const namespace = { connection, codecKeys: [], client, engine: new ClaimEngine(client), close };
    const { source, directory: facts, relay } = stage;
    api = await startTestApi({ database: stage.database, namespace });
    const token = await api.token('claim_admin');
    const drafts = [];
    for (let index = 0; index < 12; index++) drafts.push(await stage.drafted());
    await temporal.stop();
    const answers = await Promise.all(
      drafts.map(({ claimId }) => api.call('POST', `/v1/claims/${claimId}/submissions`, { token, body: {} })),
    );
    expect(answers.map(({ status, body }) => [status, body['phase']])).to.deep.equal(Array(12).fill([200, 'submitted']));
    // Each call gives up after two seconds. By now all have failed, and only the API knows of them.
    const startedAt = performance.now();
    await waitFor('the calls to fail', () => performance.now() - startedAt > 6_000, 10_000);
    temporal = await startTemporal({ directory, port: temporal.port });
    worker = await startTestWorker({ namespace, source, directory: facts, relayUrl: relay.url });
    for (const { claimId } of drafts) {
      await waitFor(`the workflow of claim ${claimId}`, () => namespace.engine.isRunning(claimId), 20_000);
    }
    await close();
  });
});
