import type { BrokenLog } from '#libs/access-log/index.js';
import type { BrokenChain } from '#libs/event-store/index.js';
import type { AnchorFault, FeedFault, RecordFault } from '#libs/audit-trail/index.js';

export const chainReasons: Record<BrokenChain['reason'], string> = {
  hash_differs: 'the event is not as it was written',
  event_missing: 'the event is missing',
  events_missing_at_end: 'events are missing at the end',
};

export const logReasons: Record<BrokenLog['reason'], string> = {
  hash_differs: 'the entry is not as it was written',
  entry_missing: 'the entry is missing',
  entries_missing_at_end: 'entries are missing at the end',
  entry_added: 'the entry was added from outside',
};

/** The sentence for something found, with the claim it is about. */
export function faultText(fault: RecordFault): string {
  const number = fault.number === undefined ? '' : ` ${fault.number}`;
  const id = fault.claimId === null ? '' : fault.number === undefined ? ` ${fault.claimId}` : ` (${fault.claimId})`;
  return `claim${number}${id}: ${what(fault)}`;
}

function what(fault: RecordFault): string {
  switch (fault.kind) {
    case 'claim_missing':
      return 'the whole claim is gone';
    case 'events_without_claim':
      return 'the claim is gone, events of it are left';
    case 'commands_without_claim':
      return 'the claim is gone, commands of it are left';
    case 'number_differs':
      return 'it has another number than it was given';
    case 'event_added':
      return `event ${fault.version} was added from outside`;
    case 'events_beyond_end':
      return `a command was carried out at version ${fault.version}, and events are missing at the end`;
    case 'command_missing':
      return `command ${fault.place} of those settled is missing`;
    case 'command_differs':
      return `command ${fault.place} of those settled is not as it was received or carried out`;
    case 'command_of_event_missing':
      return `command ${fault.commandId}, from which event ${fault.version} came, is missing`;
    case 'received_at_differs':
      return `command ${fault.commandId} was not received when event ${fault.version} says`;
    case 'evidence_differs':
      return `evidence ${fault.evidenceId} does not have the content that was added`;
    case 'evidence_missing':
      return `evidence ${fault.evidenceId} is missing`;
    case 'evidence_hash_differs':
      return `evidence ${fault.evidenceId} is said to be another file than was added`;
    case 'evidence_erased_unrecorded':
      return `evidence ${fault.evidenceId} has no content, and no erasure took it`;
    case 'events_missing_since':
      return `events are missing that were there on ${fault.at}`;
    case 'events_differ_since':
      return `events are not what they were on ${fault.at}`;
    case 'commands_missing_since':
      return `commands are missing that were there on ${fault.at}`;
    case 'commands_differ_since':
      return `commands are not what they were on ${fault.at}`;
  }
}

/** The same for what is anchored and is no claim's. */
export function anchorText(fault: AnchorFault): string {
  switch (fault.kind) {
    case 'checkpoint_unknown':
      return `checkpoint ${fault.number}: the database does not know of it; it is another database, or was restored from before it`;
    case 'checkpoint_differs':
      return `checkpoint ${fault.number}: the database knows another of that number`;
    case 'checkpoint_missing':
      return `checkpoint ${fault.number}: the database has forgotten it`;
    case 'log_missing':
      return `access log of tenant ${fault.tenantId}: the whole log is gone`;
    case 'log_entries_missing':
      return `access log of tenant ${fault.tenantId}: entries are missing that were there`;
    case 'log_differs':
      return `access log of tenant ${fault.tenantId}: entries are not what they were`;
    case 'feed_missing_since':
      return `the hand-over: events are missing that were told on ${fault.at}`;
    case 'feed_differs_since':
      return `the hand-over: events are not what was told on ${fault.at}`;
    case 'publication_missing':
      return `${fault.of} ${fault.name} version ${fault.version}: it is gone`;
    case 'publication_differs':
      return `${fault.of} ${fault.name} version ${fault.version}: it is not what was published`;
  }
}

export function feedText(fault: FeedFault): string {
  switch (fault.kind) {
    case 'feed_place_missing':
      return `the hand-over at place ${fault.place}: the place is missing`;
    case 'feed_differs':
      return `the hand-over at place ${fault.place}: it is not what was told`;
    case 'feed_leaves_out':
      return `claim ${fault.claimId}: the hand-over leaves out its event ${fault.version}`;
  }
}
