import type { RecordedEvent, Write } from '#libs/event-store/index.js';

const requestedSql = 'INSERT INTO signature_requests (signature_id, claim_id, person_id) VALUES ($2, $1, $3)';
/** The link of whoever forwards it is void at once. */
const forwardedSql = `
  UPDATE signature_requests SET person_id = $3, token_hash = NULL, code_id = NULL, code_hash = NULL, code_tries = 0
  WHERE claim_id = $1 AND signature_id = $2`;

/** The row of a signature request, from which `libs/signatures` finds the claim behind a link. */
export function signatureRequests(claimId: string, { type, data }: RecordedEvent): Write[] {
  switch (type) {
    case 'SignatureRequested':
      return [{ sql: requestedSql, parameters: [claimId, data.signatureId, data.personId] }];
    case 'SignatureForwarded':
      return [{ sql: forwardedSql, parameters: [claimId, data.signatureId, data.personId] }];
    default:
      return [];
  }
}
