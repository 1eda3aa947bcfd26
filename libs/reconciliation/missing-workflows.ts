import type { DataSource } from 'typeorm';
import type { ClaimEngine, EngineClaim } from '#libs/engine/index.js';
import { firstId } from './keyset.js';

/** Finds open claims without a workflow: each page of the table is compared with the workflows in the same range of ids. */
export async function* claimsWithoutWorkflow(
  source: DataSource,
  engine: ClaimEngine,
  graceSeconds: number,
  pageSize: number,
): AsyncGenerator<EngineClaim[]> {
  for (let after = firstId; ; ) {
    const page = await source.query<EngineClaim[]>(
      `SELECT claim_id AS "claimId", partner_account_id AS "partnerAccountId" FROM claims
       WHERE is_open AND updated_at < cpor_now() - make_interval(secs => $1) AND claim_id > $2 ORDER BY claim_id LIMIT $3`,
      [graceSeconds, after, pageSize],
    );
    const last = page.at(-1)?.claimId;
    if (last === undefined) return;
    const running = await collect(engine.runningClaims({ after, to: last }));
    yield page.filter(({ claimId }) => !running.has(claimId));
    if (page.length < pageSize) return;
    after = last;
  }
}

/**
 * Finds claims with a live association whose clock has no workflow, or an ended one that still has one: once woken, a claim wakes the workflows
 * of its associations.
 */
export async function* claimsOutOfStep(
  source: DataSource,
  engine: ClaimEngine,
  graceSeconds: number,
  pageSize: number,
): AsyncGenerator<EngineClaim[]> {
  const [{ clocks }] = await source.query<[{ clocks: number }]>(
    'SELECT coalesce(sum(association_clocks), 0)::int AS clocks FROM claims WHERE association_clocks > 0',
  );
  // Usually the counts agree, and listing years of associations costs far more. One missing and one surplus workflow cancel out until either changes.
  if (clocks === (await engine.countRunningAssociations())) return;
  for (let after = firstId, isLast = false; !isLast; ) {
    const page = await source.query<{ associationId: string; hasClock: boolean }[]>(
      `SELECT association_id AS "associationId", EXISTS (
         SELECT FROM claims c, jsonb_array_elements(c.position -> 'associations') a
         WHERE c.claim_id = associations.claim_id AND c.association_clocks > 0
           AND a ->> 'associationId' = association_id::text AND a -> 'alarm' <> 'null') AS "hasClock"
       FROM associations WHERE ended_at IS NULL AND association_id > $1 ORDER BY association_id LIMIT $2`,
      [after, pageSize],
    );
    isLast = page.length < pageSize;
    const last = page.at(-1)?.associationId;
    // Beyond the last live association there may be workflows of ended ones.
    const running = await collect(engine.runningAssociations(isLast || last === undefined ? { after } : { after, to: last }));
    const isLive = new Set(page.map(({ associationId }) => associationId));
    const missing = page.flatMap(({ associationId, hasClock }) => (hasClock && !running.has(associationId) ? [associationId] : []));
    const surplus = [...running].filter((id) => !isLive.has(id));
    yield missing.length + surplus.length === 0 ? [] : await claimsOf(source, missing, surplus, graceSeconds);
    after = last ?? after;
  }
}

/** Reads the claims of associations that are still live without a workflow, or ended with one. A claim that has just changed may be in flight. */
async function claimsOf(source: DataSource, missing: string[], surplus: string[], graceSeconds: number): Promise<EngineClaim[]> {
  return source.query<EngineClaim[]>(
    `SELECT DISTINCT a.claim_id AS "claimId", a.partner_account_id AS "partnerAccountId"
     FROM associations a JOIN claims c USING (claim_id)
     WHERE (a.ended_at IS NULL AND a.association_id = ANY ($1::uuid[]) OR a.ended_at IS NOT NULL AND a.association_id = ANY ($2::uuid[]))
       AND c.updated_at < cpor_now() - make_interval(secs => $3)`,
    [missing, surplus, graceSeconds],
  );
}

async function collect(ids: AsyncIterable<string>): Promise<Set<string>> {
  const collected = new Set<string>();
  for await (const id of ids) collected.add(id);
  return collected;
}
