import type { EngineClaim } from '#libs/engine/index.js';
import type { NewClaims, SentClaim } from '#libs/new-claims/index.js';
import { v5 as uuidV5 } from 'uuid';
import type { RowWork } from './import-rows.js';

export interface CreateDependencies {
  newClaims: NewClaims;
  /** Starts a claim's workflow, behind the work that people wait for. */
  begin: (claim: EngineClaim) => Promise<void>;
}

/** Makes the id of a row's command, the same in every attempt. */
export const rowCommandId = (importId: string, row: number, purpose = ''): string => uuidV5(`${row}${purpose}`, importId);

/** Creates the claim of a row, and submits it if its import does. */
export const creating =
  ({ newClaims, begin }: CreateDependencies): RowWork =>
  async ({ importId, partnerAccountId: accountId, actor, submits }, { row, content }) => {
    const commandId = rowCommandId(importId, row);
    const claim = await newClaims.prepare({ commandId, request: { importId, row }, actor, accountId }, content as SentClaim);
    const { claimId } = claim;
    if (!submits) {
      await newClaims.draft(claim);
      return { outcome: 'drafted', claimId };
    }
    const { command: submission } = await newClaims.submit(claim, { isExecuted: false });
    await begin({ claimId, partnerAccountId: accountId });
    return { outcome: 'accepted', claimId, commandId: submission.commandId };
  };
