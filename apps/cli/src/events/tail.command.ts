import type { EventsListData, FeedEvent } from '@cpor/client';
import { defineCommand, numberOf } from '../shell/command.js';
import { oneLine } from '../shell/terminal.js';

export const tailCommand = defineCommand({
  about: 'prints the events of the feed as they come, until you stop it',
  details:
    'With --json, one event for each line. To continue later, pass the "cursor" of the last event that you have processed as --after.',
  options: {
    after: { type: 'string', value: 'CURSOR', about: 'begin after this event; default: with the first event of all' },
    type: { type: 'string', multiple: true, value: 'TYPE', about: 'only events of this type, such as claim.submitted' },
    once: { type: 'boolean', about: 'end with the last event that there is' },
    poll: { type: 'string', value: 'SECONDS', about: 'how often to look for new ones; default: 5' },
  },
  examples: ['cpor events tail', 'cpor events tail --once --json', 'cpor events tail --type association.ended --after "$CURSOR"'],
  async run({ values, terminal, session }) {
    const pollMs = numberOf(values.poll ?? '5', '--poll') * 1000;
    const cpor = await session.connect();
    const chosen = values.type as FeedEvent['type'][];
    const query: NonNullable<EventsListData['query']> = {
      ...(values.after !== undefined && { after: values.after }),
      ...(chosen.length > 0 && { types: chosen }),
    };
    const feed = values.once ? cpor.events.list(query) : cpor.events.follow(query, { pollMs, signal: session.interrupted });
    for await (const event of feed) terminal.printLine(event, () => wordsOf(event));
  },
});

function wordsOf(event: FeedEvent): string {
  const { at, type, claimNumber, partnerId } = event;
  const about = 'target' in event ? [event.target, event.endReason] : [event.phase, ...event.reasons];
  return oneLine([at, type, claimNumber, partnerId, ...about].filter(Boolean).join('  '));
}
