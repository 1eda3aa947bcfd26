import type { BrokenLog } from '#libs/access-log/index.js';
import type { BrokenChain } from '#libs/event-store/index.js';
import type { AnchorFault, FeedFault, RecordFault } from '#libs/audit-trail/index.js';
import type { BrokenSnapshot } from '#libs/snapshots/index.js';

export const chainReasons: Record<BrokenChain['reason'], string> = {
  hash_differs: 'the event was changed',
  event_missing: 'the event is missing',
  events_missing_at_end: 'events are missing at the end',
};

export const logReasons: Record<BrokenLog['reason'], string> = {
  hash_differs: 'the entry was changed',
  entry_missing: 'the entry is missing',
  entries_missing_at_end: 'entries are missing at the end',
  entry_added: 'the entry was added by something other than cpor',
};

export const snapshotReasons: Record<BrokenSnapshot['reason'], string> = {
  content_differs: 'what its link shows was changed',
  hash_differs: 'an entry of its log, or what it commits to, was changed',
  entry_missing: 'an entry of its log is missing',
  entries_missing_at_end: 'entries are missing at the end of its log',
  entry_added: 'an entry of its log was added by something other than cpor',
};

/** Describes a fault, with its claim. */
export function faultText(fault: RecordFault): string {
  const number = fault.number === undefined ? '' : ` ${fault.number}`;
  const id = fault.claimId === null ? '' : fault.number === undefined ? ` ${fault.claimId}` : ` (${fault.claimId})`;
  return `claim${number}${id}: ${describe(fault)}`;
}

function describe(fault: RecordFault): string {
  switch (fault.kind) {
    case 'claim_missing':
      return 'the whole claim is missing';
    case 'events_without_claim':
      return 'the claim is missing, but some of its events exist';
    case 'commands_without_claim':
      return 'the claim is missing, but some of its commands exist';
    case 'number_differs':
      return 'its number was changed';
    case 'event_added':
      return `event ${fault.version} was added by something other than cpor`;
    case 'events_beyond_end':
      return `a command was executed at version ${fault.version}, but the last events are missing`;
    case 'command_missing':
      return `executed command number ${fault.place} is missing`;
    case 'command_differs':
      return `executed command number ${fault.place} or its outcome was changed`;
    case 'command_of_event_missing':
      return `command ${fault.commandId}, which caused event ${fault.version}, is missing`;
    case 'received_at_differs':
      return `command ${fault.commandId} was not received at the time that event ${fault.version} states`;
    case 'evidence_differs':
      return `the content of evidence ${fault.evidenceId} was changed`;
    case 'evidence_missing':
      return `evidence ${fault.evidenceId} is missing`;
    case 'evidence_hash_differs':
      return `the recorded hash of evidence ${fault.evidenceId} was changed`;
    case 'evidence_erased_unrecorded':
      return `evidence ${fault.evidenceId} has no content, but no erasure is on record`;
    case 'events_missing_since':
      return `events that existed on ${fault.at} are missing`;
    case 'events_differ_since':
      return `events were changed since ${fault.at}`;
    case 'commands_missing_since':
      return `commands that existed on ${fault.at} are missing`;
    case 'commands_differ_since':
      return `commands were changed since ${fault.at}`;
  }
}

/** Describes a difference between a checkpoint and the database that belongs to no claim. */
export function anchorText(fault: AnchorFault): string {
  switch (fault.kind) {
    case 'checkpoint_unknown':
      return `checkpoint ${fault.number}: not in this database; it belongs to another one, or the database was restored to an earlier state`;
    case 'checkpoint_differs':
      return `checkpoint ${fault.number}: the database holds a different checkpoint of this number`;
    case 'checkpoint_missing':
      return `checkpoint ${fault.number}: missing from the database`;
    case 'log_missing':
      return `access log of tenant ${fault.tenantId}: the whole log is missing`;
    case 'log_entries_missing':
      return `access log of tenant ${fault.tenantId}: entries are missing`;
    case 'log_differs':
      return `access log of tenant ${fault.tenantId}: entries were changed`;
    case 'snapshot_missing':
      return `snapshot ${fault.snapshotId}: missing, with its log`;
    case 'snapshot_entries_missing':
      return `snapshot ${fault.snapshotId}: entries of its log are missing`;
    case 'snapshot_differs':
      return `snapshot ${fault.snapshotId}: it or its log was changed`;
    case 'feed_missing_since':
      return `the event feed: events that it held on ${fault.at} are missing`;
    case 'feed_differs_since':
      return `the event feed: events were changed since ${fault.at}`;
    case 'publication_missing':
      return `${fault.of} ${fault.name} version ${fault.version}: missing`;
    case 'publication_differs':
      return `${fault.of} ${fault.name} version ${fault.version}: changed since it was published`;
  }
}

export function feedText(fault: FeedFault): string {
  switch (fault.kind) {
    case 'feed_place_missing':
      return `the event feed at place ${fault.place}: the place is missing`;
    case 'feed_differs':
      return `the event feed at place ${fault.place}: the event was changed`;
    case 'feed_leaves_out':
      return `claim ${fault.claimId}: the event feed leaves out its event ${fault.version}`;
  }
}
