import type { DataSource } from 'typeorm';
import type { ClaimEngine, EngineClaim } from '#libs/engine/index.js';
import { firstId } from './keyset.js';

/** Open claims without a workflow, page by page: each page of the table is held against the workflows of the same stretch of ids. */
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
 * Claims with a live association that has no workflow, or an ended one that still has, page by page: rung for, a claim tells them where they
 * stand.
 */
export async function* claimsOutOfStep(
  source: DataSource,
  engine: ClaimEngine,
  graceSeconds: number,
  pageSize: number,
): AsyncGenerator<EngineClaim[]> {
  const [{ live }] = await source.query<[{ live: number }]>('SELECT count(*)::int AS live FROM associations WHERE ended_at IS NULL');
  // Usually they agree; listing every association of years costs much more.
  if (live === (await engine.countRunningAssociations())) return;
  for (let after = firstId, isLast = false; !isLast; ) {
    const page = await source.query<{ associationId: string }[]>(
      `SELECT association_id AS "associationId" FROM associations WHERE ended_at IS NULL AND association_id > $1
       ORDER BY association_id LIMIT $2`,
      [after, pageSize],
    );
    isLast = page.length < pageSize;
    const last = page.at(-1)?.associationId;
    // Beyond the last that is live there may be workflows of ended ones.
    const running = await collect(engine.runningAssociations(isLast || last === undefined ? { after } : { after, to: last }));
    const isLive = new Set(page.map(({ associationId }) => associationId));
    const silent = [...isLive].filter((id) => !running.has(id));
    const left = [...running].filter((id) => !isLive.has(id));
    yield silent.length + left.length === 0 ? [] : await claimsOf(source, silent, left, graceSeconds);
    after = last ?? after;
  }
}

/** Of associations that are live without a workflow, or ended with one, those that still are; a claim that changed a moment ago is on its way. */
async function claimsOf(source: DataSource, silent: string[], left: string[], graceSeconds: number): Promise<EngineClaim[]> {
  return source.query<EngineClaim[]>(
    `SELECT DISTINCT a.claim_id AS "claimId", a.partner_account_id AS "partnerAccountId"
     FROM associations a JOIN claims c USING (claim_id)
     WHERE (a.ended_at IS NULL AND a.association_id = ANY ($1::uuid[]) OR a.ended_at IS NOT NULL AND a.association_id = ANY ($2::uuid[]))
       AND c.updated_at < cpor_now() - make_interval(secs => $3)`,
    [silent, left, graceSeconds],
  );
}

async function collect(ids: AsyncIterable<string>): Promise<Set<string>> {
  const collected = new Set<string>();
  for await (const id of ids) collected.add(id);
  return collected;
}
