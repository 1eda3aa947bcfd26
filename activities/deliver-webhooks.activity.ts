import { Context } from '@temporalio/activity';
import { deliverToEndpoint, tellOwner } from '#libs/webhooks/index.js';
import { webhooks } from '../temporal.config.js';
import type { ActivityDependencies } from './dependencies.js';
import { heartbeating } from './heartbeating.js';

/** Delivers what is due to one endpoint, for a limited time. Returns when to go on; null when nothing is left. */
export const deliverWebhooksActivity =
  ({ source, webhookSender, mailer, mailFrom, publicUrl }: ActivityDependencies) =>
  async ({ endpointId }: { endpointId: string }): Promise<{ nextInMs: number | null }> => {
    if (webhookSender === null) return { nextInMs: null };
    const { cancellationSignal } = Context.current();
    const limits = { untilMs: webhooks.batchMs, signal: cancellationSignal };
    const nextInMs = await heartbeating(() => deliverToEndpoint({ source, publicUrl, ...webhookSender }, endpointId, limits));
    await tellOwner({ source, mailer, mailFrom }, endpointId);
    return { nextInMs };
  };
