import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { addEndpoint } from '#libs/webhooks/index.js';
import { WebhookReceiver } from './webhook-receiver.js';
import { testWebhookSender } from './worker.js';

/** Starts a receiver and registers it as an endpoint of the vendor. */
export async function registeredReceiver(
  source: DataSource,
  contactEmail: string | null = null,
): Promise<{ endpointId: string; receiver: WebhookReceiver }> {
  const receiver = await new WebhookReceiver().start();
  const endpointId = randomUUID();
  const { secret, stored } = testWebhookSender().secrets.create(endpointId);
  receiver.secrets.push(secret);
  const settings = { url: receiver.url, description: '', types: null, locations: null, format: 'standard' as const, contactEmail };
  await addEndpoint(source, { kind: 'vendor' }, { ...settings, endpointId, secret: stored, createdBy: 'somebody', atMost: 50 });
  return { endpointId, receiver };
}
