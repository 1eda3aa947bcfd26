import type { Cpor, EventsListData, FeedEvent } from '@cpor/client';
import { defineCommand, numberOf } from '../shell/command.js';
import { UsageError } from '../shell/faults.js';
import { forward, isDelivered } from './forward.js';

export const listenCommand = defineCommand({
  about: 'sends your events to an address of this machine as webhooks, until you stop it',
  details:
    'For developing a receiver: the installation cannot reach your machine, so the command reads the feed of events and sends what a webhook endpoint of yours would get, signed with a secret that it prints. What fails is printed and not sent again. With --json, one delivery for each line.',
  options: {
    forward: { type: 'string', value: 'URL', about: 'where to send them, such as http://localhost:3000/hook' },
    type: { type: 'string', multiple: true, value: 'TYPE', about: 'only events of this type, such as claim.submitted' },
    format: { type: 'string', choices: ['standard', 'cloudevents'], about: 'how bodies are written: standard (default) or cloudevents' },
    secret: { type: 'string', value: 'SECRET', about: 'sign with this secret (whsec_…); default: a new one' },
    after: { type: 'string', value: 'CURSOR', about: 'begin after this event; default: with what happens from now on' },
    once: { type: 'boolean', about: 'end with the last event that there is; exit with 1 if one was not delivered' },
    poll: { type: 'string', value: 'SECONDS', about: 'how often to look for new ones; default: 1' },
  },
  examples: [
    'cpor webhooks listen --forward http://localhost:3000/hook',
    'cpor webhooks listen --forward http://localhost:3000/hook --type association.official --secret "$SECRET"',
  ],
  async run({ values, terminal, session }) {
    const url = addressOf(values.forward);
    const pollMs = numberOf(values.poll ?? '1', '--poll') * 1000;
    const format = values.format === 'cloudevents' ? 'cloudevents' : 'standard';
    // It brings the database's library along, which no other command over HTTP needs.
    const { bodyOf, contentTypes, isSecret, newSecret, signatureHeaders, webhookEventOf } = await import('#libs/webhooks/index.js');
    const secret = values.secret ?? newSecret();
    if (!isSecret(secret)) throw new UsageError('--secret is no secret of a webhook: "whsec_" followed by base64.');
    const cpor = await session.connect();
    const types = values.type as FeedEvent['type'][];
    const query: NonNullable<EventsListData['query']> = {
      after: values.after ?? (await endOfFeed(cpor, session.interrupted)),
      ...(types.length > 0 && { types }),
    };
    terminal.say(`Sending to ${url}. The secret is ${secret}`);
    const counts = { delivered: 0, failed: 0 };
    let last: string | undefined;
    try {
      const feed = values.once ? cpor.events.list(query) : cpor.events.follow(query, { pollMs, signal: session.interrupted });
      for await (const event of feed) {
        const body = bodyOf(webhookEventOf(event, event.cursor), format, cpor.client.getConfig().baseUrl ?? '');
        const headers = {
          'content-type': contentTypes[format],
          ...signatureHeaders({ id: event.eventId, at: new Date(), body, secrets: [secret] }),
        };
        const { status, ms, fault } = await forward(url, { headers, body }, session.interrupted);
        session.interrupted.throwIfAborted();
        const isDone = isDelivered({ status, ms, fault });
        counts[isDone ? 'delivered' : 'failed']++;
        last = event.cursor;
        const { eventId, type, claimId, claimNumber, cursor } = event;
        terminal.printLine(
          { webhookId: eventId, type, claimId, claimNumber, cursor, isDelivered: isDone, status, ms, fault },
          () => `${isDone ? '✓' : '✗'} ${status ?? fault}  ${type}  ${claimNumber}  ${ms} ms`,
        );
      }
    } finally {
      const more = last === undefined ? '' : ` To continue: --after ${last}`;
      terminal.say(`${counts.delivered} delivered, ${counts.failed} failed.${more}`);
    }
    if (counts.failed > 0) throw new Error('Not everything was delivered.');
  },
});

/** @throws UsageError */
function addressOf(text: string | undefined): string {
  if (text === undefined) throw new UsageError('--forward is missing: where to send events, such as http://localhost:3000/hook.');
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UsageError(`--forward is "${text}"; it is an address such as http://localhost:3000/hook.`);
  return new URL(text).href;
}

/** The cursor after the last event that there is. */
async function endOfFeed(cpor: Cpor, signal: AbortSignal): Promise<string> {
  for (let after: string | undefined; ; ) {
    const page = await cpor.events.list({ limit: 1_000, ...(after !== undefined && { after }) }, { signal });
    after = page.next!;
    if (page.hasMore !== true) return after;
  }
}
