import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { erase } from './erase.js';
import {
  type ClaimErasure,
  type ErasureOptions,
  type ErasureReport,
  ErasureTally,
  type KeptItem,
  type Queryable,
} from './erasure-report.js';
import { personalPlaces } from './personal-places.js';
import { waitingSince } from './waiting-import-rows.js';

/** Claims checked by one statement. */
const pageSize = 1_000;
/** Claims erased in one transaction, unless the caller says otherwise. */
const usualBatchSize = 100;

interface DueClaim extends ClaimErasure {
  number: string;
  /** The retention of events is over too, so everything about people is erased. */
  isOver: boolean;
  isHeld: boolean;
}

const retentionSql = `
  SELECT coalesce((p.body #>> '{retention,eventYears}')::int, 7) AS years, coalesce((p.body #>> '{retention,evidenceMonths}')::int, 24) AS months`;

/**
 * SQL that is true from the first minute of a period's last day (R34), so that a daily run is never a day late. The last day is a number of
 * months after an instant, on the same day of the month or the month's last. It is counted forward from the instant: counting back from today
 * gives other results for the 29th to the 31st.
 */
const periodIsOver = (at: string, period: string, zone: string): string =>
  `((${at}) AT TIME ZONE ${zone})::date + ${period} <= ($2::timestamptz AT TIME ZONE ${zone})`;

/** Data sent with a refused command became part of nothing. The sender can still see it for this many days. */
const refusedDays = 30;
const refusedBefore = `$2::timestamptz - make_interval(days => ${refusedDays})`;
const isRefused = `outcome ->> 'status' = 'refused' AND settled_at <= ${refusedBefore}`;

/** SQL that is true for data sent with a refused command that no event or pending command refers to. */
const isLeftOver = (id: string): string => `(
  EXISTS (SELECT FROM claim_commands i WHERE i.claim_id = c.claim_id AND ${isRefused} AND strpos(i.body::text, ${id}::text) > 0)
  AND NOT EXISTS (SELECT FROM claim_commands i WHERE i.claim_id = c.claim_id AND outcome IS NULL AND strpos(i.body::text, ${id}::text) > 0)
  AND NOT EXISTS (SELECT FROM claim_events e WHERE e.claim_id = c.claim_id AND strpos(e.data::text, ${id}::text) > 0))`;

/**
 * Selects, among some claims, those with something to erase (K14). A claim ends with its last event that is not a comment, or with its last
 * association, whichever is later. It has not ended while it waits for a person or a clock, or while an association is live. An abandoned draft
 * ends with its last change, and a claim whose creation was refused ends with that refusal.
 * $1 claims, $2 the instant that decides. OFFSET 0 makes PostgreSQL compute a sub-query once per claim.
 */
const dueSql = `
  SELECT * FROM (
    SELECT c.claim_id AS "claimId", c.number, over.is_over AS "isOver",
      EXISTS (SELECT FROM legal_holds_in_force h WHERE h.claim_id = c.claim_id) AS "isHeld",
      ARRAY(SELECT person_id::text FROM personal_data p
        WHERE p.claim_id = c.claim_id AND erased_at IS NULL AND (over.is_over OR ${isLeftOver('person_id')})) AS "personIds",
      ARRAY(SELECT id::text FROM evidence_files f
        WHERE f.claim_id = c.claim_id AND erased_at IS NULL AND (over.is_evidence_over OR ${isLeftOver('id')})) AS "evidenceIds"
    FROM claims c
    LEFT JOIN policies p ON p.name = split_part(c.state ->> 'policy', '@', 1) AND p.version::text = split_part(c.state ->> 'policy', '@', 2)
    CROSS JOIN LATERAL (${retentionSql}) k
    CROSS JOIN LATERAL (SELECT coalesce((
      SELECT body ->> 'zone' FROM calendars WHERE name = p.body ->> 'calendar' AND effective_from <= $2 ORDER BY effective_from DESC, version DESC LIMIT 1
    ), 'UTC') AS name OFFSET 0) zone
    CROSS JOIN LATERAL (
      SELECT greatest(
        (SELECT max(at) FROM claim_events e WHERE e.claim_id = c.claim_id AND type <> 'CommentAdded'),
        (SELECT max(ended_at) FROM associations a WHERE a.claim_id = c.claim_id)
      ) AS at OFFSET 0
    ) ended
    CROSS JOIN LATERAL (
      SELECT NOT c.is_open
        AND NOT EXISTS (SELECT FROM claim_commands i WHERE i.claim_id = c.claim_id AND i.outcome IS NULL)
        AND NOT EXISTS (SELECT FROM associations a WHERE a.claim_id = c.claim_id AND (a.ended_at IS NULL OR a.ended_at > $2)) AS has_ended OFFSET 0
    ) closed
    CROSS JOIN LATERAL (
      SELECT has_ended AND ${periodIsOver('ended.at', 'make_interval(years => k.years)', 'zone.name')} AS is_over,
        has_ended AND ${periodIsOver('ended.at', 'make_interval(months => k.months)', 'zone.name')} AS is_ripe,
        has_ended AND c.version = 0 AND c.created_at <= ${refusedBefore} AS was_never_made
    ) due
    CROSS JOIN LATERAL (SELECT is_over OR was_never_made AS is_over, is_over OR is_ripe OR was_never_made AS is_evidence_over) over
    WHERE c.claim_id = ANY ($1)
    OFFSET 0
  ) due WHERE cardinality("personIds") + cardinality("evidenceIds") > 0 ORDER BY "claimId"`;

/**
 * Erases everything whose retention is over: contents of evidence, everything about people on claims whose entire retention is over, and what
 * came with refused commands. A run continues where an earlier one was interrupted, because erased data is not found again.
 */
export async function eraseDue(
  source: DataSource,
  options: ErasureOptions & { batchSize?: number; onProgress?: () => void },
): Promise<ErasureReport> {
  const { by, isDryRun = false, batchSize = usualBatchSize, onProgress } = options;
  const { now, months } = await readHorizon(source);
  const reportId = uuidV7();
  const tally = new ErasureTally({ reportId, kind: 'due', startedAt: now.toISOString() }, { by, isDryRun });
  for await (const page of eligibleClaims(source, now, months)) {
    const due = await findDue(source, page, now);
    tally.keep(...due.filter(({ isHeld }) => isHeld).map(({ number }) => kept('legal_hold', number)));
    const free = due.filter(({ isHeld }) => !isHeld);
    for (let at = 0; at < free.length; at += batchSize) {
      const batch = free.slice(at, at + batchSize);
      if (isDryRun) tally.add(batch);
      else {
        const { done, busy } = await source.transaction((manager) => eraseBatch(manager, batch, { reportId, by, now }));
        tally.add(done);
        tally.keep(...busy.map(({ number }) => kept('busy', number)));
      }
      onProgress?.();
    }
  }
  tally.keep(...(await waitingSince(source, now, months)));
  return tally.finish(source);
}

const kept = (reason: KeptItem['reason'], claim: string): KeptItem => ({ reason, claim, personIds: [], possibleFrom: null });

/** Reads the instant that decides for the whole run, and the shortest retention of any programme. */
async function readHorizon(source: DataSource): Promise<{ now: Date; months: number }> {
  const [row] = await source.query<[{ now: Date; months: number }]>(
    `SELECT cpor_now() AS now,
       coalesce((SELECT min(least(k.months, 12 * k.years)) FROM policies p CROSS JOIN LATERAL (${retentionSql}) k), 24)::int AS months`,
  );
  return row;
}

/**
 * Pages through closed claims that are old enough to be due, and claims with commands that were refused long enough ago. The margin of a week
 * covers time zones and short months; `dueSql` decides which claims are due.
 */
async function* eligibleClaims(source: DataSource, now: Date, months: number): AsyncGenerator<string[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await source.query<{ claim_id: string }[]>(
      `(SELECT claim_id FROM claims
        WHERE claim_id > $1 AND NOT is_open AND created_at + make_interval(months => $3) <= $2::timestamptz + interval '7 days'
        ORDER BY claim_id LIMIT ${pageSize})
       UNION (SELECT DISTINCT claim_id FROM claim_commands WHERE claim_id > $1 AND ${isRefused} ORDER BY claim_id LIMIT ${pageSize})
       ORDER BY claim_id LIMIT ${pageSize}`,
      [after, now, months],
    );
    if (rows.length === 0) return;
    yield rows.map((row) => row.claim_id);
    after = rows.at(-1)!.claim_id;
  }
}

const findDue = (database: Queryable, claims: string[], now: Date): Promise<DueClaim[]> => database.query(dueSql, [claims, now]);

/** Erases a batch. Checks under the locks again what is due, and leaves claims locked by others to the next run. */
async function eraseBatch(
  manager: EntityManager,
  batch: DueClaim[],
  { reportId, by, now }: { reportId: string; by: string; now: Date },
): Promise<{ done: ClaimErasure[]; busy: DueClaim[] }> {
  const ids = batch.map(({ claimId }) => claimId);
  const locked = await manager.query<{ claim_id: string }[]>(
    'SELECT claim_id FROM claims WHERE claim_id = ANY ($1) ORDER BY claim_id FOR UPDATE SKIP LOCKED',
    [ids],
  );
  const ours = new Set(locked.map((row) => row.claim_id));
  const due = await findDue(manager, [...ours], now);
  const done = await erase(manager, due, { reportId, cause: 'retention', by });
  const over = due.filter(({ isOver, isHeld }) => isOver && !isHeld).map(({ claimId }) => claimId);
  for (const { clearAfterRetention } of personalPlaces) if (clearAfterRetention) await manager.query(clearAfterRetention, [over]);
  return { done, busy: batch.filter(({ claimId }) => !ours.has(claimId)) };
}
