import { z } from 'zod';
import { testType } from '#libs/webhooks/index.js';
import { AssociationEvent, ClaimChangeEvent } from '../events/event.reader.js';

const instant = z.iso.datetime();

const test = {
  type: z.literal(testType),
  data: z.object({ endpointId: z.guid().describe('The endpoint that was tried.') }),
};
const association = { type: AssociationEvent.shape.type, data: AssociationEvent };
const claimChange = { type: ClaimChangeEvent.shape.type, data: ClaimChangeEvent };

const timestamp = instant.describe('When the event was recorded.');
const sequence = z.int().min(1).max(1_000_000).describe('Version of the claim at the event. Orders the events of one claim.');

/** Bodies as Standard Webhooks recommends: `type`, `timestamp`, `data`. */
export const WebhookEvent = z
  .discriminatedUnion('type', [
    z
      .object({ ...association, timestamp, sequence })
      .meta({ id: 'AssociationWebhook', description: 'An association began, ended, or gained or lost its eligibility.' }),
    z
      .object({ ...claimChange, timestamp, sequence })
      .meta({ id: 'ClaimChangeWebhook', description: 'Any other change of a claim, in ids, codes and instants.' }),
    z.object({ ...test, timestamp }).meta({ id: 'TestWebhook', description: 'Somebody tries the endpoint. It concerns no claim.' }),
  ])
  .meta({ id: 'WebhookEvent', description: '`type` says which event it is. New types may be added: ignore those you do not know.' });

const cloudEvent = {
  specversion: z.literal('1.0'),
  id: z.guid().describe('The `webhook-id`.'),
  source: z.string().describe('The address of this installation.').meta({ example: 'https://cpor.example' }),
  time: timestamp,
  datacontenttype: z.literal('application/json'),
};
const ofClaim = {
  ...cloudEvent,
  subject: z.guid().describe('The claim.'),
  sequence: z
    .string()
    .regex(/^\d{10}$/)
    .describe('Version of the claim at the event, as text that sorts as the numbers do. Orders the events of one claim.'),
};

/** The same events for endpoints whose `format` is `cloudevents`. */
export const WebhookCloudEvent = z
  .discriminatedUnion('type', [
    z
      .object({ ...ofClaim, ...association })
      .meta({ id: 'AssociationCloudEvent', description: 'An association began, ended, or gained or lost its eligibility.' }),
    z
      .object({ ...ofClaim, ...claimChange })
      .meta({ id: 'ClaimChangeCloudEvent', description: 'Any other change of a claim, in ids, codes and instants.' }),
    z.object({ ...cloudEvent, ...test }).meta({ id: 'TestCloudEvent', description: 'Somebody tries the endpoint. It concerns no claim.' }),
  ])
  .meta({
    id: 'WebhookCloudEvent',
    description: 'CloudEvents 1.0 in structured JSON. New types may be added: ignore those you do not know.',
  });
