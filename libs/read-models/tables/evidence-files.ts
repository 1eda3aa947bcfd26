import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '#libs/event-store/index.js';

/** Marks the file that new evidence replaces. `libs/evidence` stores the files themselves. */
export async function writeSupersededEvidence(manager: EntityManager, claimId: string, event: RecordedEvent): Promise<void> {
  if (event.type !== 'EvidenceAdded' || !event.data.evidence.supersedes) return;
  const { evidenceId, supersedes } = event.data.evidence;
  await manager.query('UPDATE evidence_files SET superseded_by = $3 WHERE claim_id = $1 AND id = $2', [claimId, supersedes, evidenceId]);
}

/** Notes what the scanner found in a file that was in quarantine. */
export async function writeScannedEvidence(manager: EntityManager, claimId: string, event: RecordedEvent): Promise<void> {
  if (event.type !== 'EvidenceScanned') return;
  const { evidenceId, result } = event.data;
  await manager.query('UPDATE evidence_files SET scan_result = $3 WHERE claim_id = $1 AND id = $2', [claimId, evidenceId, result]);
}
