import { expect } from 'chai';
import { dispatchWebhooks } from '#libs/webhooks/index.js';
import { workflowIds } from '../../temporal.config.js';
import { Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';
import { registeredReceiver } from '../support/webhook-endpoints.js';
import type { WebhookReceiver } from '../support/webhook-receiver.js';

describe('the workflow of a webhook endpoint', function () {
  this.timeout(60_000);
  let stage: Stage;
  const receivers: WebhookReceiver[] = [];

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
  });

  after(async () => {
    for (const receiver of receivers) await receiver.stop();
    await stage?.close();
  });

  async function register(contactEmail: string | null = null): Promise<{ endpointId: string; receiver: WebhookReceiver }> {
    const registered = await registeredReceiver(stage.source, contactEmail);
    receivers.push(registered.receiver);
    return registered;
  }

  /** Does what the worker's dispatcher does in a turn. */
  async function dispatch(): Promise<void> {
    const { endpointIds } = await dispatchWebhooks(stage.source);
    await Promise.all(endpointIds.map((endpointId) => stage.engine.wakeEndpoint(endpointId)));
  }

  const handle = (endpointId: string) => stage.engine.client.workflow.getHandle(workflowIds.webhookEndpoint(endpointId));
  const statusOf = async (endpointId: string) => (await handle(endpointId).describe()).status.name;

  it('delivers while one endpoint hangs and another fails, and ends when nothing is left', async () => {
    const [good, hanging, failing] = [await register(), await register(), await register()];
    hanging.receiver.answer = () => ({ status: 200, afterMs: Number.POSITIVE_INFINITY });
    failing.receiver.answer = () => ({ status: 500 });
    const claim = await stage.submitted();
    await dispatch();
    await waitFor('all events', () => Promise.resolve(good.receiver.accepted.length === 3));
    expect(good.receiver.accepted.map(({ claimId, sequence }) => [claimId, sequence])).to.deep.equal(
      [1, 2, 3].map((n) => [claim.claimId, n]),
    );
    await waitFor('the run to end', async () => (await statusOf(good.endpointId)) === 'COMPLETED');
    expect(await statusOf(hanging.endpointId)).to.equal('RUNNING');
    failing.receiver.answer = () => ({ status: 200 });
    const accepted = () => new Set(failing.receiver.accepted.map(({ id }) => id)).size;
    await waitFor('the second attempt', () => Promise.resolve(accepted() === 3), 45_000);
  });

  it('survives the death of its worker in the middle of an attempt', async () => {
    const { endpointId, receiver } = await register();
    receiver.answer = () => ({ status: 200, afterMs: 300 });
    await stage.submitted();
    await dispatch();
    await waitFor('an attempt', () => Promise.resolve(receiver.received.length > 0));
    await stage.stopWorker();
    await stage.startWorker();
    await waitFor('all events', () => Promise.resolve(new Set(receiver.accepted.map(({ id }) => id)).size === 3), 45_000);
    await waitFor('the run to end', async () => (await statusOf(endpointId)) === 'COMPLETED', 30_000);
  });

  it('tells the owner’s contact once that the endpoint was disabled', async () => {
    const { receiver } = await register('hooks@partner.example');
    receiver.answer = () => ({ status: 410 });
    await stage.submitted();
    await dispatch();
    const mails = () => stage.relay.received.filter(({ to }) => to === 'hooks@partner.example');
    await waitFor('the mail', () => Promise.resolve(mails().length > 0));
    await stage.submitted();
    await dispatch();
    expect(mails()).to.have.length(1);
    expect(mails()[0]!.source).to.match(/410 Gone/);
    expect(receiver.received).to.have.length(1);
  });
});
