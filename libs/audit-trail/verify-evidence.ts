import { firstId, type Queryable, type RecordFault, type Verified } from './fault.js';

/** Small enough that a statement takes seconds, even if all files are large. */
const pageSize = 50;

/**
 * Checks every file against its hash. The database computes the hashes, so that no contents are transferred and memory stays bounded. A file
 * without content must be listed in an erasure.
 */
export async function* verifyEvidence(database: Queryable): AsyncGenerator<Verified> {
  for (let after = firstId; ; ) {
    const files = await database.query<{ id: string; claim_id: string; is_erased: boolean; is_sound: boolean }[]>(
      `SELECT id, claim_id, erased_at IS NOT NULL AS is_erased, CASE WHEN erased_at IS NULL
         THEN encode(sha256(content), 'hex') = sha256 AND length(content) = size_bytes
         ELSE EXISTS (SELECT FROM erasures e WHERE e.claim_id = f.claim_id AND f.id = ANY (e.evidence_ids)) END AS is_sound
       FROM evidence_files f WHERE id > $1 ORDER BY id LIMIT ${pageSize}`,
      [after],
    );
    if (files.length === 0) return;
    const faults = files
      .filter((file) => !file.is_sound)
      .map(({ id, claim_id: claimId, is_erased }): RecordFault => {
        return { kind: is_erased ? 'evidence_erased_unrecorded' : 'evidence_differs', claimId, evidenceId: id };
      });
    yield { checked: files.length, faults };
    after = files.at(-1)!.id;
  }
}
