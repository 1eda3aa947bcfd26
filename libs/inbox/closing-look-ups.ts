import type { DataSource } from 'typeorm';
import type { ClaimDetails } from '#libs/claims/index.js';
import type { DirectoryProvider, DirectoryQuery } from '#libs/directory/index.js';
import { evidenceOf } from './directory-look-up.js';

/** Whether a claim's next step may need the directory: a command waits, or its deadline has passed. */
export async function isAwaitingDirectory(source: DataSource, claimId: string): Promise<boolean> {
  const [claim] = await source.query<{ isAwaiting: boolean }[]>(
    `SELECT coalesce(alarm_at <= cpor_now(), false)
       OR EXISTS (SELECT FROM claim_commands i WHERE i.claim_id = c.claim_id AND i.outcome IS NULL) AS "isAwaiting"
     FROM claims c WHERE claim_id = $1`,
    [claimId],
  );
  return claim?.isAwaiting ?? true;
}

/** Asks the directory for claims whose windows close, and keeps its answers for the closings: together where the directory takes that. */
export async function lookUpForClosings(provider: DirectoryProvider, source: DataSource, claimIds: string[]): Promise<void> {
  if (claimIds.length === 0) return;
  const claims = await source.query<{ claimId: string; details: ClaimDetails; now: Date }[]>(
    `SELECT claim_id AS "claimId", state -> 'details' AS details, cpor_now() AS now FROM claims WHERE claim_id = ANY($1)`,
    [claimIds],
  );
  const askedAt = claims.reduce((first, { now }) => (now < first ? now : first), claims[0]!.now).toISOString();
  const queries = claims.map(({ details: { partnerId, tenantId, lines } }): DirectoryQuery => {
    const identifiers = lines.flatMap((line) => (line.subscriptionId === null ? [] : [line.subscriptionId]));
    return { partnerId, tenantId, identifiers, at: askedAt };
  });
  const answers = provider.lookUpMany
    ? await provider.lookUpMany(queries)
    : await Promise.all(queries.map((query) => provider.lookUp(query)));
  const rows = claims.map(({ claimId }, index) => ({ claimId, ...evidenceOf(answers[index]!, askedAt, claimId) }));
  await source.query(
    `WITH answers AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS a("claimId" uuid, facts jsonb, personal jsonb)),
     people AS (
       INSERT INTO personal_data (person_id, claim_id, kind, content)
       SELECT DISTINCT ON (p."personId") p."personId", a."claimId", p.kind, p.content
       FROM answers a, jsonb_to_recordset(a.personal) AS p("personId" uuid, kind text, content jsonb)
       ON CONFLICT (person_id) DO NOTHING
     )
     INSERT INTO directory_answers (claim_id, asked_at, facts) SELECT "claimId", $2, facts FROM answers`,
    [JSON.stringify(rows), askedAt],
  );
}
