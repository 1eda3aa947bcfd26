import type { Actor, ClaimDetails, Finding } from '#libs/claims/index.js';
import type { DirectoryEvidence, PersonalItem } from '#libs/inbox/index.js';
import type { ScreenedEvidence } from './screened-evidence.js';

/** A claim that is about to be created, read from its request. */
export interface PreparedClaim {
  /** Id of the command that drafts it. */
  commandId: string;
  claimId: string;
  accountId: string;
  actor: Actor;
  details: ClaimDetails;
  personal: PersonalItem[];
  /** What was asked for, to distinguish a repeat from another request. */
  request: unknown;
  /** The instant, by the product's clock, at which the claim was checked. */
  at: string;
  evidence: ScreenedEvidence[];
  directory: DirectoryEvidence | null;
}

/** Thrown when the rules refuse a new claim, so that its transaction leaves nothing behind. */
export class RefusedClaim extends Error {
  constructor(readonly findings: Finding[]) {
    super('The claim was refused.');
  }
}
