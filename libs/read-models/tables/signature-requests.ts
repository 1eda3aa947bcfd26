import type { ClaimState } from '#libs/claims/index.js';
import type { Write } from '#libs/event-store/index.js';

/** The link of whoever forwards it is void at once. */
const addresseeSql = `
  INSERT INTO signature_requests AS known (signature_id, claim_id, person_id) VALUES ($2, $1, $3)
  ON CONFLICT (signature_id) DO UPDATE SET person_id = excluded.person_id, token_hash = NULL, code_id = NULL, code_hash = NULL, code_tries = 0
  WHERE known.person_id <> excluded.person_id`;

/** The rows of the requests to sign that are new or have a new addressee; `libs/signatures` finds the claim behind a link by them. */
export function signatureRequests(claimId: string, before: ClaimState, after: ClaimState): Write[] {
  const addresseeOf = (signatureId: string) => before.signatures?.find((known) => known.signatureId === signatureId)?.personId;
  return (after.signatures ?? [])
    .filter(({ signatureId, personId }) => addresseeOf(signatureId) !== personId)
    .map(({ signatureId, personId }) => ({ sql: addresseeSql, parameters: [claimId, signatureId, personId] }));
}
