import type { DataSource } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import type { ClaimDetails, DirectoryFacts } from '#libs/claims/index.js';
import type { DirectoryAnswer, DirectoryProvider } from '#libs/directory/index.js';
import { readMailAddress } from '#libs/identifiers/index.js';
import type { PersonalItem } from './accept-command.js';

export interface DirectoryEvidence {
  facts: DirectoryFacts;
  /** The tenant's administrators, to be kept apart from the facts. */
  personal: PersonalItem[];
}

/**
 * Asks the directory about a claim and turns people into references; the same person of a claim always gets the same one.
 * With `isNew`, an answer that the directory gave before will not do.
 */
export async function askDirectory(
  provider: DirectoryProvider,
  source: DataSource,
  claimId: string,
  details: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>,
  { withinMs, isNew = false }: { withinMs?: number; isNew?: boolean } = {},
): Promise<DirectoryEvidence> {
  const [clock] = await source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  const at = clock.now.toISOString();
  const identifiers = details.lines.flatMap((line) => (line.subscriptionId === null ? [] : [line.subscriptionId]));
  const { partnerId, tenantId } = details;
  const answer = await provider.lookUp({
    partnerId,
    tenantId,
    identifiers,
    at,
    ...(isNew && { notBefore: at }),
    ...(withinMs !== undefined && { withinMs }),
  });
  return evidenceOf(answer, answer.askedAt, claimId);
}

/** What the directory answered about a claim, with references in the place of people. */
export function evidenceOf(answer: DirectoryAnswer, askedAt: string, claimId: string): DirectoryEvidence {
  const admins = (answer.tenant?.admins ?? []).map(({ adminId, name, email }) => ({
    personId: uuidV5(`${adminId} ${name} ${email}`, claimId),
    content: { name, email },
  }));
  const references = admins.map(({ personId, content }) => ({ personId, emailDomain: domainOf(content.email) }));
  return {
    facts: { ...answer, askedAt, tenant: answer.tenant && { ...answer.tenant, admins: references } },
    personal: admins.map(({ personId, content }) => ({ personId, kind: 'tenant_admin', content })),
  };
}

/** How long a new command waits for the directory before it is accepted without its answer. */
const answerLimitMs = 1_000;

/** The same, or null when the directory does not answer in time: the claim's workflow asks again. */
export async function askDirectoryInTime(
  provider: DirectoryProvider,
  source: DataSource,
  claimId: string,
  details: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>,
  { isNew = false }: { isNew?: boolean } = {},
): Promise<DirectoryEvidence | null> {
  const answer = askDirectory(provider, source, claimId, details, { withinMs: answerLimitMs, isNew }).catch(() => null);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), answerLimitMs);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

export const domainOf = (email: string): string => readMailAddress(email)?.domain ?? email.slice(email.lastIndexOf('@') + 1).toLowerCase();

/** Asks the directory for a claim that waits for its answer, and keeps it with every command that needs one. */
export async function lookUpForClaim(provider: DirectoryProvider, source: DataSource, claimId: string): Promise<void> {
  const [claim] = await source.query<{ details: ClaimDetails; waiting: { commandId: string; changes: Partial<ClaimDetails> | null }[] }[]>(
    `SELECT state -> 'details' AS details,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('commandId', command_id, 'changes', CASE type
             WHEN 'editClaim' THEN body -> 'changes'
             WHEN 'transferAssociation' THEN jsonb_build_object('partnerId', body -> 'partnerId')
           END) ORDER BY received_at, sequence), '[]')
         FROM claim_commands i WHERE i.claim_id = c.claim_id AND i.outcome IS NULL) AS waiting
     FROM claims c WHERE claim_id = $1`,
    [claimId],
  );
  if (claim === undefined) throw new Error(`There is no claim ${claimId}.`);
  // An edit or a transfer that waits is checked against what it would make of the claim.
  const details = Object.assign(claim.details, ...claim.waiting.map(({ changes }) => changes)) as ClaimDetails;
  const { facts, personal } = await askDirectory(provider, source, claimId, details, { isNew: true });
  await source.query(
    `WITH people AS (
       INSERT INTO personal_data (person_id, claim_id, kind, content)
       SELECT "personId", $1, kind, content FROM jsonb_to_recordset($2::jsonb) AS p("personId" uuid, kind text, content jsonb)
       ON CONFLICT (person_id) DO NOTHING
     ),
     gone_through AS (DELETE FROM stuck_claims WHERE claim_id = $1)
     INSERT INTO directory_answers (claim_id, command_id, asked_at, facts)
     SELECT $1, command_id, $3, $4 FROM unnest($5::uuid[] || NULL::uuid) AS command_id`,
    // What came in meanwhile may be about something else: it is asked about by itself.
    [claimId, JSON.stringify(personal), facts.askedAt, facts, claim.waiting.map(({ commandId }) => commandId)],
  );
}
