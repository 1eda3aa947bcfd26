import type { EntityManager } from 'typeorm';
import { chainedEvents, writeTogether } from '#libs/event-store/index.js';
import { writeAssociationEnds, type WrittenRows, writeReadRows } from '#libs/read-models/index.js';
import type { InboxPass } from './inbox-pass.js';
import { chainedOutcomes } from './store-outcomes.js';

/**
 * Writes the results of a pass: events, read rows and outcomes. Returns what else there was to know, or null when nothing changed. Claims that changed because of this one
 * have been written before: a reader of the feed must see an association make way before the next one begins.
 */
export async function writeClaim(manager: EntityManager, { claim, state, changes, decided }: InboxPass): Promise<WrittenRows | null> {
  const { claimId, now, version: from, state: before, lastHash, lastCommand } = claim;
  const outcomes = decided.length > 0 ? [chainedOutcomes(claimId, lastCommand, decided, now)] : [];
  if (changes.length === 0) {
    for (const outcome of outcomes) await writeTogether(manager, [], outcome);
    return null;
  }
  const events = chainedEvents(
    claimId,
    lastHash,
    changes.map(({ event }) => event),
  );
  const newSubjects = state.partnerSubjects.filter((subject) => !before.partnerSubjects.includes(subject));
  const alongside = [events.write, ...outcomes];
  return writeReadRows(manager, claimId, changes, { hash: events.hash, from, before, now, newSubjects, alongside });
}

/** Writes associations that have ended, ahead of everything else: another claim may take their targets in the same transaction. */
export async function writeEndedAssociations(manager: EntityManager, { state, changes }: InboxPass): Promise<void> {
  if (changes.length > 0) await writeAssociationEnds(manager, state);
}
