import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '#libs/event-store/index.js';

/** Marks the file that new evidence replaces. `libs/evidence` stores the files themselves. */
export async function writeSupersededEvidence(manager: EntityManager, claimId: string, event: RecordedEvent): Promise<void> {
  if (event.type !== 'EvidenceAdded' || !event.data.evidence.supersedes) return;
  const { evidenceId, supersedes } = event.data.evidence;
  await manager.query('UPDATE evidence_files SET superseded_by = $3 WHERE claim_id = $1 AND id = $2', [claimId, supersedes, evidenceId]);
}
