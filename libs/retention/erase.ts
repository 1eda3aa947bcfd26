import type { EntityManager } from 'typeorm';
import type { ClaimErasure } from './erasure-report.js';

/** Erases personal data and evidence of claims whose locks the caller holds, records what was erased, and returns it. */
export async function erase(
  manager: EntityManager,
  wanted: ClaimErasure[],
  record: { reportId: string; cause: 'retention' | 'request'; by: string },
): Promise<ClaimErasure[]> {
  const people = await eraseBy(
    manager,
    'erase_personal_data',
    wanted.flatMap(({ personIds }) => personIds),
  );
  const files = await eraseBy(
    manager,
    'erase_evidence',
    wanted.flatMap(({ evidenceIds }) => evidenceIds),
  );
  const done = wanted
    .map(({ claimId, personIds, evidenceIds }) => ({
      claimId,
      personIds: personIds.filter((id) => people.has(id)),
      evidenceIds: evidenceIds.filter((id) => files.has(id)),
    }))
    .filter(({ personIds, evidenceIds }) => personIds.length + evidenceIds.length > 0);
  await manager.query(
    `INSERT INTO erasures (report_id, claim_id, cause, person_ids, evidence_ids, erased_by)
     SELECT $1, "claimId", $2, "personIds", "evidenceIds", $3
     FROM jsonb_to_recordset($4::jsonb) AS e("claimId" uuid, "personIds" uuid[], "evidenceIds" uuid[])`,
    [record.reportId, record.cause, record.by, JSON.stringify(done)],
  );
  return done;
}

async function eraseBy(manager: EntityManager, sqlFunction: 'erase_personal_data' | 'erase_evidence', ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await manager.query<{ id: string }[]>(`SELECT id FROM ${sqlFunction}($1) AS id`, [ids]);
  return new Set(rows.map(({ id }) => id));
}
