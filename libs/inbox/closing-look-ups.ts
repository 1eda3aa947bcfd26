import type { DataSource } from 'typeorm';
import type { ClaimDetails } from '#libs/claims/index.js';
import type { DirectoryAnswer, DirectoryProvider, DirectoryQuery } from '#libs/directory/index.js';
import { evidenceOf } from './directory-look-up.js';

/** Which claims got the directory's answer before their windows close. */
export interface ClosingLookUps {
  answered: string[];
  /** Claims without an answer, and why. */
  failed: { claimId: string; error: unknown }[];
}

interface Closing {
  claimId: string;
  query: DirectoryQuery;
}

type Answered = Closing & { answer: DirectoryAnswer };

/**
 * Asks the directory about claims whose windows are closing, in one request where it supports that, and stores the answers for the closings. A claim
 * without an answer never blocks the others.
 */
export async function lookUpForClosings(
  provider: DirectoryProvider,
  source: DataSource,
  claimIds: string[],
  onProgress?: () => void,
): Promise<ClosingLookUps> {
  if (claimIds.length === 0) return { answered: [], failed: [] };
  const claims = await source.query<{ claimId: string; details: ClaimDetails; now: Date }[]>(
    `SELECT claim_id AS "claimId", state -> 'details' AS details, cpor_now() AS now FROM claims WHERE claim_id = ANY($1)`,
    [claimIds],
  );
  if (claims.length === 0) return { answered: [], failed: [] };
  const askedAt = claims.reduce((first, { now }) => (now < first ? now : first), claims[0]!.now).toISOString();
  const closings = claims.map(({ claimId, details: { partnerId, tenantId, lines } }): Closing => {
    const identifiers = lines.flatMap((line) => (line.subscriptionId === null ? [] : [line.subscriptionId]));
    return { claimId, query: { partnerId, tenantId, identifiers, at: askedAt } };
  });
  const failed: ClosingLookUps['failed'] = [];
  const setAside =
    (claimId: string) =>
    (error: unknown): undefined => {
      failed.push({ claimId, error });
    };
  const answers = await ask(provider, closings, setAside, onProgress);
  const answered: string[] = [];
  const keep = async (closed: Answered[]) => {
    await store(source, closed, askedAt);
    answered.push(...closed.map(({ claimId }) => claimId));
  };
  // An answer that the database rejects must not take the others with it.
  await keep(answers).catch(async () => {
    for (const answer of answers) await keep([answer]).catch(setAside(answer.claimId));
  });
  return { answered, failed };
}

async function ask(
  provider: DirectoryProvider,
  closings: Closing[],
  setAside: (claimId: string) => (error: unknown) => undefined,
  onProgress?: () => void,
): Promise<Answered[]> {
  const together = await provider.lookUpMany?.(closings.map(({ query }) => query)).catch(() => undefined);
  if (together !== undefined) return closings.map((closing, index) => ({ ...closing, answer: together[index]! }));
  const answers = await Promise.all(
    closings.map(async (closing): Promise<Answered | undefined> => {
      const answer = await provider.lookUp(closing.query).catch(setAside(closing.claimId));
      onProgress?.();
      return answer && { ...closing, answer };
    }),
  );
  return answers.filter((answer) => answer !== undefined);
}

async function store(source: DataSource, answers: Answered[], askedAt: string): Promise<void> {
  if (answers.length === 0) return;
  const rows = answers.map(({ claimId, answer }) => ({ claimId, ...evidenceOf(answer, askedAt, claimId) }));
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
