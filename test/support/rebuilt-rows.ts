import type { EntityManager } from 'typeorm';
import { type ClaimState, evolve, initialState } from '#libs/claims/index.js';
import { createOwnerDataSource, readEvents } from '#libs/event-store/index.js';
import { writeReadRows } from '#libs/read-models/index.js';
import type { TestDatabase } from './database.js';
import { listColumnsSql } from './derived-columns.js';

/** Every read row, without the columns that no event determines: when a letter was written, and the id of a block. */
const readRowsSql = `
  SELECT 'claim' AS kind, to_jsonb(c) AS row FROM claims c
  UNION ALL SELECT 'line', to_jsonb(l) FROM claim_lines l
  UNION ALL SELECT 'association', to_jsonb(a) FROM associations a
  UNION ALL SELECT 'recipient', to_jsonb(r) FROM notice_recipients r
  UNION ALL SELECT 'signature', to_jsonb(s) FROM signature_requests s
  UNION ALL SELECT 'block', to_jsonb(b) - 'block_id' FROM partner_blocks b
  UNION ALL SELECT 'letter', to_jsonb(l) - 'written_at' FROM letters l
  UNION ALL SELECT 'subject', to_jsonb(s) FROM partner_subjects s
  UNION ALL SELECT 'evidence', jsonb_build_object('id', id, 'superseded_by', superseded_by) FROM evidence_files
  ORDER BY kind, row`;

export interface ReadRow {
  kind: string;
  row: Record<string, unknown>;
}

export const readRows = (database: Pick<EntityManager, 'query'>): Promise<ReadRow[]> => database.query(readRowsSql);

const forgetSql = `
  DELETE FROM claim_lines; DELETE FROM associations; DELETE FROM notice_recipients; DELETE FROM signature_requests; DELETE FROM partner_blocks; DELETE FROM letters;
  DELETE FROM partner_subjects;
  UPDATE evidence_files SET superseded_by = NULL;
  UPDATE claims SET version = 0, last_hash = '', partner_id = '', tenant_id = '', name = '', external_reference = NULL, phase = 'draft',
    is_open = false, alarm_at = NULL, association_clocks = 0, position = NULL, state = NULL, updated_at = created_at`;

const forgetListsSql = `
  UPDATE claims SET area = '', domain = '', customer_name = '', products = '{}', activities = '{}', tags = '{}', reasons = '{}', due_at = NULL,
    due_clock = NULL, is_breached = false, review_due_at = NULL, barred_reviewers = '{}', reviewer = NULL`;

/**
 * Use it to prove that rows follow from events. Returns the read rows as they are (live), rebuilt from the events alone (rebuilt), and with
 * their list columns derived from the states (derived). Leaves the database unchanged.
 */
export async function rebuiltRows(database: TestDatabase): Promise<{ live: ReadRow[]; rebuilt: ReadRow[]; derived: ReadRow[] }> {
  const owner = await createOwnerDataSource(database.ownerUrl).initialize();
  const runner = owner.createQueryRunner();
  try {
    await runner.startTransaction();
    const live = await readRows(runner.manager);
    await runner.query(forgetListsSql);
    await runner.query(listColumnsSql);
    const derived = await readRows(runner.manager);
    await runner.query(forgetListsSql);
    await runner.query(forgetSql);
    await rebuild(runner.manager);
    const rebuilt = await readRows(runner.manager);
    return { live, rebuilt, derived };
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
    await owner.destroy();
  }
}

async function rebuild(manager: EntityManager): Promise<void> {
  const claims = await manager.query<{ claim_id: string; hash: Buffer }[]>(
    'SELECT DISTINCT ON (claim_id) claim_id, hash FROM claim_events ORDER BY claim_id, version DESC',
  );
  for (const { claim_id: claimId, hash } of claims) {
    const events = await readEvents(manager, claimId);
    let after: ClaimState = initialState;
    const changes = events.map((event) => {
      after = evolve(after, event);
      return { event, after };
    });
    const now = events.at(-1)!.recordedAt;
    await writeReadRows(manager, claimId, changes, {
      hash,
      from: 0,
      before: initialState,
      now,
      newSubjects: after.partnerSubjects,
      alongside: [],
    });
  }
}
