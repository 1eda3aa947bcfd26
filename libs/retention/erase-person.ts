import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import type { Phase } from '#libs/claims/index.js';
import { erase } from './erase.js';
import { type ClaimErasure, type ErasureOptions, type ErasureReport, ErasureTally, type KeptItem } from './erasure-report.js';
import { addressKey, idsOf, mentionsOf, personRows, type PersonRow, subjectsOf, wordsOf, wordsUnder } from './personal-data-search.js';
import { personalPlaces } from './personal-places.js';
import { waitingWith } from './waiting-import-rows.js';

/** What to erase: everything under an email address and a subject of the identity provider, or a single item by its id, such as a text. */
export type ErasedPerson = { email: string; subject?: string | undefined } | { personId: string };

const pageSize = 200;

/** In all other phases the customer may still have to be notified; a dispute can take a line back there. */
const settledPhases: Phase[] = ['draft', 'official', 'ended', 'rejected', 'rejected_final', 'canceled'];

interface Situation {
  personId: string;
  number: string;
  isHeld: boolean;
  /** The person receives the customer's notice, and none has been delivered yet. */
  isNoticePending: boolean;
  alarmAt: Date | null;
}

/** $1 persons, $2 settled phases. A recipient of a notice is needed until one has been delivered to the customer (domain.md 8). */
const situationSql = `
  SELECT p.person_id AS "personId", c.number, c.alarm_at AS "alarmAt",
    EXISTS (SELECT FROM legal_holds_in_force h WHERE h.claim_id = c.claim_id) AS "isHeld",
    c.is_open AND (
      EXISTS (
        SELECT FROM notice_recipients r
        WHERE r.person_id = p.person_id AND r.outcome IS NULL AND c.position -> 'noticesToSend' ? r.notice_id::text
      )
      OR (p.kind = 'tenant_admin' OR c.state #>> '{details,contacts,customer,personId}' = p.person_id::text) AND EXISTS (
        SELECT FROM jsonb_array_elements(c.state -> 'lines') AS line
        WHERE line ->> 'phase' <> ALL ($2) AND NOT EXISTS (
          SELECT FROM notice_recipients r WHERE r.notice_id::text = line ->> 'noticeId' AND r.outcome = 'accepted'
        )
      )
    ) AS "isNoticePending"
  FROM personal_data p JOIN claims c USING (claim_id) WHERE p.person_id = ANY ($1)`;

/**
 * Erases a person at their request (GDPR article 17): contacts, what the person wrote through links or when signed in, and the answers of mail
 * servers (`personalPlaces` lists every place). Data that a legal hold or an undelivered notice needs is kept and reported, with the time when
 * it can be erased. The report also lists what only people can judge: waiting rows of imports, texts by others that name the person, and evidence.
 */
export async function erasePerson(source: DataSource, who: ErasedPerson, options: ErasureOptions): Promise<ErasureReport> {
  const { by, isDryRun = false } = options;
  const [clock] = await source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  const reportId = uuidV7();
  const tally = new ErasureTally({ reportId, kind: 'person', startedAt: clock.now.toISOString() }, { by, isDryRun });
  const email = 'email' in who ? addressKey(who.email) : await addressOf(source, who.personId);
  const erasePersons = (persons: Subject[]) =>
    source.transaction((manager) => erasePage(manager, persons, tally, { reportId, by, isDryRun }));
  if (email === null) await erasePersons(await itemOf(source, who));
  else {
    for await (const page of personRows(source, email, pageSize)) await erasePersons(page);
    // The id of a contact reveals no subject.
    if ('email' in who) for await (const page of wordsUnder(source, subjectsOf(who))) await erasePersons(page);
    tally.keep(...(await waitingWith(source, email)), ...(await directoryEntries(source, email)));
  }
  return tally.finish(source);
}

/** A person as `personRows` finds it, or a single item without an email address. */
type Subject = Pick<PersonRow, 'personId' | 'claimId'> & Partial<PersonRow>;

async function addressOf(source: DataSource, personId: string): Promise<string | null> {
  const [row] = await source.query<{ email: string | null }[]>(
    `SELECT lower(content ->> 'email') AS email FROM personal_data WHERE person_id = $1 AND kind IN ('contact', 'tenant_admin')`,
    [personId],
  );
  return row?.email?.includes('@') ? row.email : null;
}

async function itemOf(source: DataSource, who: ErasedPerson): Promise<Subject[]> {
  if (!('personId' in who)) return [];
  return source.query<Subject[]>(
    'SELECT person_id AS "personId", claim_id AS "claimId" FROM personal_data WHERE person_id = $1 AND erased_at IS NULL',
    [who.personId],
  );
}

async function erasePage(
  manager: EntityManager,
  persons: Subject[],
  tally: ErasureTally,
  { reportId, by, isDryRun }: { reportId: string; by: string; isDryRun: boolean },
): Promise<void> {
  const claimIds = [...new Set(persons.map(({ claimId }) => claimId))];
  await manager.query('SELECT FROM claims WHERE claim_id = ANY ($1) ORDER BY claim_id FOR UPDATE', [claimIds]);
  const situations = await manager.query<Situation[]>(situationSql, [persons.map(({ personId }) => personId), settledPhases]);
  const numbers = new Map(
    persons.map(({ personId, claimId }) => [claimId, situations.find((found) => found.personId === personId)?.number ?? null]),
  );
  const obstacles = new Map(situations.flatMap((situation) => obstacleTo(situation) ?? []).map((item) => [item.personIds[0]!, item]));
  tally.keep(...obstacles.values());
  const free = persons.filter(({ personId }) => !obstacles.has(personId));
  const wanted = await withOwnWords(manager, free);
  tally.keep(...(await leftOver(manager, free, wanted, numbers)));
  if (isDryRun) return tally.add(wanted);
  tally.add(await erase(manager, wanted, { reportId, cause: 'request', by }));
  const gone = [...idsOf(free), ...wanted.flatMap(({ personIds }) => personIds)];
  for (const { clearForPersons } of personalPlaces) if (clearForPersons) await manager.query(clearForPersons, [gone]);
}

function obstacleTo({ personId, number, isHeld, isNoticePending, alarmAt }: Situation): KeptItem | null {
  if (isHeld) return { reason: 'legal_hold', claim: number, personIds: [personId], possibleFrom: null };
  if (!isNoticePending) return null;
  return { reason: 'notice_pending', claim: number, personIds: [personId], possibleFrom: alarmAt?.toISOString() ?? null };
}

/** Groups the persons and their own words by claim. */
async function withOwnWords(manager: EntityManager, persons: Subject[]): Promise<ClaimErasure[]> {
  const words = await wordsOf(
    manager,
    persons.map(({ personId }) => personId),
  );
  const items = [...persons, ...words.map(({ claimId, textId }) => ({ claimId, personId: textId }))];
  return [...Map.groupBy(items, ({ claimId }) => claimId)].map(([claimId, ofClaim]) => ({
    claimId,
    personIds: [...new Set(ofClaim.map(({ personId }) => personId))],
    evidenceIds: [],
  }));
}

/** Lists what may mention the person and is left for people to judge. */
async function leftOver(
  manager: EntityManager,
  persons: Subject[],
  wanted: ClaimErasure[],
  numbers: Map<string, string | null>,
): Promise<KeptItem[]> {
  const goes = new Set(wanted.flatMap(({ personIds }) => personIds));
  const named = await mentionsOf(
    manager,
    persons.filter((person): person is PersonRow => person.content !== undefined),
  );
  const texts = named.filter(({ personId }) => !goes.has(personId));
  const withEvidence = await manager.query<{ claim_id: string }[]>(
    'SELECT DISTINCT claim_id FROM evidence_files WHERE claim_id = ANY ($1) AND erased_at IS NULL ORDER BY claim_id',
    [wanted.map(({ claimId }) => claimId)],
  );
  const item = (reason: KeptItem['reason'], claimId: string, personIds: string[]): KeptItem => ({
    reason,
    claim: numbers.get(claimId) ?? null,
    personIds,
    possibleFrom: null,
  });
  return [
    ...texts.map(({ claimId, personId }) => item('named_in_text', claimId, [personId])),
    ...withEvidence.map((row) => item('evidence_retained', row.claim_id, [])),
  ];
}

/** The directory is not ours to erase: a claim created tomorrow would be given the same administrator again. */
async function directoryEntries(source: DataSource, email: string): Promise<KeptItem[]> {
  const rows = await source.query<unknown[]>('SELECT FROM directory_tenant_admins WHERE lower(email) = $1 LIMIT 1', [email]);
  return rows.length === 0 ? [] : [{ reason: 'listed_in_directory', claim: null, personIds: [], possibleFrom: null }];
}
