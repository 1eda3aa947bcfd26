import type { Actor, ClaimDetails, Finding } from '#libs/claims/index.js';
import type { DirectoryEvidence, PersonalItem } from '#libs/inbox/index.js';
import type { ScreenedEvidence } from './screened-evidence.js';

/** A claim about to be made, read from its request. */
export interface PreparedClaim {
  /** Id of the command that drafts it. */
  commandId: string;
  claimId: string;
  accountId: string;
  actor: Actor;
  details: ClaimDetails;
  personal: PersonalItem[];
  fingerprint: string;
  /** The instant of the product's clock at which it was looked into. */
  at: string;
  evidence: ScreenedEvidence[];
  directory: DirectoryEvidence | null;
}

/** The rules refused the new claim; thrown so that its transaction leaves nothing behind. */
export class RefusedClaim extends Error {
  constructor(readonly findings: Finding[]) {
    super('The claim was refused.');
  }
}
