import type { EntityManager } from 'typeorm';
import { type ClaimState, type DirectoryFacts, openSignature, type SignatureState } from '#libs/claims/index.js';
import { type RecordedEvent, toEvent } from '#libs/event-store/index.js';
import { hashToken, latestFactsSql } from '#libs/notices/index.js';
import type { Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { type Signer, signerHash } from './signer.js';
import { partsOf, sha256Of } from './statement.js';

type Queryable = Pick<EntityManager, 'query'>;

/** A person who is or was asked to sign. Null once erased. */
export type Person = { name: string; email: string } | null;

/** A request to sign with everything that is known of it. */
export interface SignatureRecord {
  claimId: string;
  claimNumber: string;
  partnerAccountId: string;
  state: ClaimState;
  signature: SignatureState;
  isOpen: boolean;
  /** Null once erased. */
  statement: { title: string; paragraphs: string[] } | null;
  addressee: Person;
  signer: Signer | null;
  /** Why the signatory declined, if it said so and it is not erased. */
  reason: string | null;
  partner: { legalName: string; partnerId: string };
  customer: { name: string; tenantId: string };
  policy: Policy;
  /** IANA zone of the programme's calendar, as it was in force when the request was closed. */
  zone: string;
  /** The claim's events about this request, oldest first. */
  events: RecordedEvent[];
  /** Hash of the signature's event and of everything before it on the claim, in hexadecimal digits; null unless signed. */
  recordSha256: string | null;
}

/** Which code is valid for a link, and how often it was tried. */
export interface CodeTries {
  codeId: string | null;
  codeHash: Buffer | null;
  tries: number;
}

interface Row {
  claimId: string;
  number: string;
  partnerAccountId: string;
  state: ClaimState;
  facts: DirectoryFacts | null;
  people: Record<string, Record<string, string> | null>;
  now: Date;
}

/** The names are those of the request, as in the text that was made then: a company may be renamed years before its receipt is printed. */
const requestedAtSql = `(SELECT (request ->> 'requestedAt')::timestamptz FROM jsonb_array_elements(c.state -> 'signatures') request
    WHERE request ->> 'signatureId' = $2)`;

const rowSql = `
  SELECT c.claim_id AS "claimId", c.number, c.partner_account_id AS "partnerAccountId", c.state, cpor_now() AS now,
    ${latestFactsSql('c.claim_id', requestedAtSql)} AS facts,
    (SELECT coalesce(jsonb_object_agg(person_id, content), '{}') FROM personal_data p WHERE p.claim_id = c.claim_id AND kind IN ('contact', 'text')) AS people
  FROM claims c WHERE c.claim_id = $1`;

/** Finds the request behind a link; null when the link is unknown or void. */
export async function findByLink(source: Queryable, library: ProgrammeLibrary, token: string): Promise<SignatureRecord | null> {
  const [found] = await source.query<{ claimId: string; signatureId: string }[]>(
    'SELECT claim_id AS "claimId", signature_id AS "signatureId" FROM signature_requests WHERE token_hash = $1',
    [hashToken(token)],
  );
  return found === undefined ? null : readSignature(source, library, found.claimId, found.signatureId);
}

/**
 * Reads a request of a claim; null when there is none.
 * @throws when the stored text or signer is not the one that was recorded
 */
export async function readSignature(
  source: Queryable,
  library: ProgrammeLibrary,
  claimId: string,
  signatureId: string,
): Promise<SignatureRecord | null> {
  const [row] = await source.query<Row[]>(rowSql, [claimId, signatureId]);
  const signature = row?.state.signatures?.find((one) => one.signatureId === signatureId);
  if (row === undefined || signature === undefined) return null;
  const { state, facts, people, number, partnerAccountId } = row;
  const policy = await library.policy(signature.policy);
  const { zone } = await library.calendarInForce(policy.calendar, signature.closedAt ?? row.now.toISOString());
  const rows = await source.query<(Parameters<typeof toEvent>[0] & { hash: Buffer })[]>(
    `SELECT * FROM claim_events WHERE claim_id = $1 AND data ->> 'signatureId' = $2 ORDER BY version`,
    [claimId, signatureId],
  );
  const events = rows.map(toEvent);
  const declined = events.find((event) => event.type === 'SignatureDeclined');
  const textId = declined?.type === 'SignatureDeclined' ? declined.data.textId : null;
  return {
    claimId,
    claimNumber: number,
    partnerAccountId,
    state,
    signature,
    isOpen: openSignature(state)?.signatureId === signatureId,
    statement: statementIn(people, signature),
    addressee: personIn(people, signature.personId),
    signer: signerIn(people, signature, events),
    reason: (textId && people[textId]?.['text']) || null,
    partner: { legalName: facts?.location?.legalName ?? state.details.partnerId, partnerId: state.details.partnerId },
    customer: { name: facts?.tenant?.name ?? state.details.tenantId, tenantId: signature.cover.tenantId ?? state.details.tenantId },
    policy,
    zone,
    events,
    recordSha256: rows.find(({ type }) => type === 'StatementSigned')?.hash.toString('hex') ?? null,
  };
}

/** Counts a try of a code and returns what it is to be compared with: counting comes first, so that tries at once are all counted. */
export async function takeCodeTry(source: Queryable, signatureId: string, limit: number): Promise<CodeTries | null> {
  const [[row]] = await source.query<[[CodeTries | undefined]]>(
    `UPDATE signature_requests SET code_tries = code_tries + 1 WHERE signature_id = $1 AND code_tries < $2
     RETURNING code_id AS "codeId", code_hash AS "codeHash", code_tries AS tries`,
    [signatureId, limit],
  );
  return row ?? null;
}

/** Returns when the statement with this record was signed, and its text's hash; null when there is no such record. */
export async function checkRecord(
  source: Queryable,
  signatureId: string,
  recordSha256: string,
): Promise<{ signedAt: string; textSha256: string } | null> {
  const [row] = await source.query<{ at: Date; textSha256: string }[]>(
    `SELECT e.at, e.data ->> 'textSha256' AS "textSha256" FROM signature_requests r JOIN claim_events e USING (claim_id)
     WHERE r.signature_id = $1 AND e.type = 'StatementSigned' AND e.data ->> 'signatureId' = $1::text AND e.hash = decode($2, 'hex')`,
    [signatureId, recordSha256],
  );
  return row === undefined ? null : { signedAt: row.at.toISOString(), textSha256: row.textSha256 };
}

function statementIn(people: Row['people'], { textId, textSha256 }: SignatureState): SignatureRecord['statement'] {
  const text = people[textId]?.['text'];
  if (text === undefined) return null;
  if (sha256Of(text) !== textSha256) throw new Error(`The text of statement ${textId} does not match its hash.`);
  return partsOf(text);
}

function personIn(people: Row['people'], personId: string): Person {
  const content = people[personId];
  return content ? { name: content['name'] ?? '', email: content['email'] ?? '' } : null;
}

function signerIn(people: Row['people'], { signerId }: SignatureState, events: RecordedEvent[]): Signer | null {
  const signer = signerId === null ? undefined : (people[signerId] as Signer | null | undefined);
  if (!signer) return null;
  const signed = events.find((event) => event.type === 'StatementSigned');
  if (signed?.type !== 'StatementSigned' || signerHash(signer) !== signed.data.signerSha256) {
    throw new Error(`The signer ${signerId} does not match the hash in the record.`);
  }
  return signer;
}
