import { z } from 'zod';
import { letterKinds } from '#libs/notices/index.js';
import { cursor, limit } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { instant, uuid } from '../http/text.schema.js';

export const deliveryStates = ['retrying', 'failed', 'undeliverable', 'held'] as const;

const state = z
  .enum(deliveryStates)
  .describe(
    '`retrying`: the last attempt met a fault that may pass. `failed`: the mail server refused for good. `undeliverable`: the address was erased or cannot be written in an SMTP command, so no mail server was asked. `held`: it may have been sent before a restore, and waits until an operator releases it (`cpor mails`).',
  );

export const Delivery = z
  .object({
    deliveryId: z.string().describe('The recipient of a notice, or the letter; part of its Message-ID.'),
    claimId: z.string(),
    number: z.string(),
    mail: z
      .enum(['consent', 'choice', ...letterKinds])
      .describe('A notice that opens a window (`consent`), one that asks which partner is wanted (`choice`), or a letter of this kind.'),
    domain: z.string().nullable().describe("Domain of the recipient's address; null once the address was erased."),
    state,
    since: z.iso.datetime().describe('When an attempt first failed, or since when it is held.'),
    attempts: z.int().min(0).max(2_147_483_647),
    lastAttemptAt: z.iso.datetime().nullable(),
    nextAttemptAt: z.iso
      .datetime()
      .nullable()
      .describe('About when it is tried again; sooner if another mail of the notice goes through. Null when it is not.'),
    error: z
      .object({
        code: z.string().describe("The mail server's reply code, a code of the connection such as `ECONNECTION`, or one of ours."),
        text: z.string().nullable().describe('Names no address; null once erased.'),
      })
      .describe('Of the last attempt.'),
  })
  .meta({ id: 'Delivery', description: 'A mail that is sent again and again, is held, or was given up.' });
export type Delivery = z.output<typeof Delivery>;
export const DeliveryList = listOf(Delivery);

export const DeliveryQuery = z.strictObject({
  state: state.optional(),
  cursor: cursor(z.strictObject({ at: instant, id: uuid })).optional(),
  limit,
});
export type DeliveryQuery = z.output<typeof DeliveryQuery>;
