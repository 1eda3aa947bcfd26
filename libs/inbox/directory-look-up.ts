import type { DataSource } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import type { ClaimDetails, DirectoryFacts } from '#libs/claims/index.js';
import type { DirectoryAnswer, DirectoryProvider, DirectoryQuery } from '#libs/directory/index.js';
import { prepared } from '#libs/event-store/index.js';
import { readMailAddress } from '#libs/identifiers/index.js';
import type { PersonalItem } from './accept-command.js';

export interface DirectoryEvidence {
  facts: DirectoryFacts;
  /** The tenant's administrators, stored apart from the facts. */
  personal: PersonalItem[];
}

/**
 * Asks the directory about a claim and replaces people by references; a person has the same reference throughout a claim. With `isNew`, the
 * directory must not answer from a cache.
 */
export async function askDirectory(
  provider: DirectoryProvider,
  claimId: string,
  details: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>,
  limits: Pick<DirectoryQuery, 'withinMs' | 'isNew'> = {},
): Promise<DirectoryEvidence> {
  const identifiers = details.lines.flatMap((line) => (line.subscriptionId === null ? [] : [line.subscriptionId]));
  const { partnerId, tenantId } = details;
  const answer = await provider.lookUp({ partnerId, tenantId, identifiers, ...limits });
  return evidenceOf(answer, answer.askedAt, claimId);
}

/** Turns the directory's answer about a claim into evidence, with references in place of people. */
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

/** After this long a new command is accepted without the directory's answer. */
const answerLimitMs = 1_000;

/** Asks the directory about a claim. Returns null when it does not answer in time; the claim's workflow then asks again. */
export async function askDirectoryInTime(
  provider: DirectoryProvider,
  claimId: string,
  details: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>,
  { isNew = false }: { isNew?: boolean } = {},
): Promise<DirectoryEvidence | null> {
  const answer = askDirectory(provider, claimId, details, { withinMs: answerLimitMs, isNew }).catch(() => null);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), answerLimitMs);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

export const domainOf = (email: string): string => readMailAddress(email)?.domain ?? email.slice(email.lastIndexOf('@') + 1).toLowerCase();

const waitingSql = prepared(`
  SELECT state -> 'details' AS details, coalesce(alarm_at <= cpor_now(), false) AS "isOverdue",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('commandId', command_id, 'changes', CASE type
          WHEN 'editClaim' THEN body -> 'changes'
          WHEN 'transferAssociation' THEN jsonb_build_object('partnerId', body -> 'partnerId')
        END) ORDER BY received_at, sequence), '[]')
      FROM claim_commands i WHERE i.claim_id = c.claim_id AND i.outcome IS NULL) AS waiting
  FROM claims c WHERE claim_id = $1`);

const storeAnswerSql = prepared(`
  WITH people AS (
    INSERT INTO personal_data (person_id, claim_id, kind, content)
    SELECT "personId", $1, kind, content FROM jsonb_to_recordset($2::jsonb) AS p("personId" uuid, kind text, content jsonb)
    ON CONFLICT (person_id) DO NOTHING
  ),
  no_longer_stuck AS (DELETE FROM stuck_claims WHERE claim_id = $1)
  INSERT INTO directory_answers (claim_id, command_id, asked_at, facts)
  SELECT $1, command_id, $3, $4 FROM unnest($5::uuid[] || NULL::uuid) AS command_id`);

interface WaitingClaim {
  details: ClaimDetails;
  isOverdue: boolean;
  waiting: { commandId: string; changes: Partial<ClaimDetails> | null }[];
}

/**
 * Asks the directory about a claim whose next step may need it: a command is pending, or a deadline has passed. Stores the answer with every
 * pending command. Does nothing when nothing waits any more: the window may have been settled in a batch.
 */
export async function lookUpForClaim(provider: DirectoryProvider, source: DataSource, claimId: string): Promise<void> {
  const [claim] = await source.query<WaitingClaim[]>(waitingSql, [claimId]);
  if (claim === undefined) throw new Error(`There is no claim ${claimId}.`);
  if (!claim.isOverdue && claim.waiting.length === 0) return;
  // A pending edit or transfer is checked against the claim as it would leave it.
  const details = claim.waiting.reduce<ClaimDetails>((after, { changes }) => ({ ...after, ...changes }), claim.details);
  const { facts, personal } = await askDirectory(provider, claimId, details, { isNew: true });
  // A command that came in meanwhile may be about something else: it gets an answer of its own.
  await source.query(storeAnswerSql, [
    claimId,
    JSON.stringify(personal),
    facts.askedAt,
    facts,
    claim.waiting.map(({ commandId }) => commandId),
  ]);
}
