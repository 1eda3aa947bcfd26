import type { EntityManager } from 'typeorm';
import type { ClaimState } from '#libs/claims/index.js';
import type { Change } from './change.js';
import { changesAssociations, writeAssociations } from './tables/associations.js';
import { writeClaimLines } from './tables/claim-lines.js';
import { writeClaim } from './tables/claims.js';
import { writeIsCompeting } from './tables/claims-is-competing.js';
import { writeSupersededEvidence } from './tables/evidence-files.js';
import { writeLetters } from './tables/letters.js';
import { writeNoticeRecipients } from './tables/notice-recipients.js';
import { writePartnerBlock } from './tables/partner-blocks.js';
import { writePartnerSubjects } from './tables/partner-subjects.js';

interface Written {
  /** Hash of the last event. */
  hash: Buffer;
  /** The claim's version before these changes. */
  from: number;
  before: ClaimState;
  now: string;
  /** Subjects who acted on the claim for its partner for the first time. */
  newSubjects: string[];
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
 */
export async function writeReadRows(
  manager: EntityManager,
  claimId: string,
  changes: Change[],
  { hash, from, before, now, newSubjects }: Written,
): Promise<WrittenRows> {
  const state = changes.at(-1)!.after;
  const claimsOnDeadline = await writeClaim(manager, claimId, { state, previousVersion: from, lastHash: hash, now });
  await writeClaimLines(manager, claimId, state);
  if (changes.some(({ event }) => changesAssociations(event))) await writeAssociations(manager, claimId, state);
  await writeIsCompeting(manager, claimId, before, state);
  for (const { event } of changes) {
    await writeNoticeRecipients(manager, claimId, event);
    await writeSupersededEvidence(manager, claimId, event);
    await writePartnerBlock(manager, claimId, event);
  }
  await writePartnerSubjects(manager, state.partnerAccountId, newSubjects);
  return { hasLetters: await writeLetters(manager, claimId, changes), claimsOnDeadline };
}
