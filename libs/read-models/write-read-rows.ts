import type { EntityManager } from 'typeorm';
import type { ClaimState } from '#libs/claims/index.js';
import { type Write, writeTogether } from '#libs/event-store/index.js';
import type { Change } from './change.js';
import { associations, changesAssociations } from './tables/associations.js';
import { claimLines } from './tables/claim-lines.js';
import { type UpdatedClaim, updatedClaim } from './tables/claims.js';
import { writeIsCompeting } from './tables/claims-is-competing.js';
import { writeScannedEvidence, writeSupersededEvidence } from './tables/evidence-files.js';
import { writeLetters } from './tables/letters.js';
import { noticeRecipients } from './tables/notice-recipients.js';
import { writePartnerBlock } from './tables/partner-blocks.js';
import { partnerSubjects } from './tables/partner-subjects.js';
import { signatureRequests } from './tables/signature-requests.js';

interface Written {
  /** Hash of the last event. */
  hash: Buffer;
  /** The claim's version before these changes. */
  from: number;
  before: ClaimState;
  now: string;
  /** Subjects who acted on the claim for its partner for the first time. */
  newSubjects: string[];
  /** Written by the same statement. */
  alongside: Write[];
}

export interface WrittenRows {
  /** Whether letters were queued. */
  hasLetters: boolean;
  /** How many other open claims have the same next deadline, up to the number that is settled in batches. */
  claimsOnDeadline: number;
}

/**
 * Updates every row that is read of a claim, in the transaction that appended the events. Replaying all events of a claim gives the same rows
 * as applying them a few at a time.
 * @throws when the stored claim has another version than `from`, although the caller holds its lock
 */
export async function writeReadRows(
  manager: EntityManager,
  claimId: string,
  changes: Change[],
  { hash, from, before, now, newSubjects, alongside }: Written,
): Promise<WrittenRows> {
  const state = changes.at(-1)!.after;
  const rows = [
    ...claimLines(claimId, before, state),
    ...(changes.some(({ event }) => changesAssociations(event)) ? [associations(claimId, state)] : []),
    ...changes.flatMap(({ event }) => noticeRecipients(claimId, event)),
    ...signatureRequests(claimId, before, state),
    ...partnerSubjects(state.partnerAccountId, newSubjects),
  ];
  const update = updatedClaim(claimId, { state, previousVersion: from, lastHash: hash, now });
  const [updated] = await writeTogether<UpdatedClaim>(manager, [...alongside, ...rows], update);
  if (updated === undefined) throw new Error(`Claim ${claimId} is not at version ${from} any more, although its lock is held.`);
  await writeIsCompeting(manager, claimId, before, state);
  for (const { event } of changes) {
    await writeSupersededEvidence(manager, claimId, event);
    await writeScannedEvidence(manager, claimId, event);
    await writePartnerBlock(manager, claimId, event);
  }
  return { hasLetters: await writeLetters(manager, claimId, changes), claimsOnDeadline: updated.others };
}
