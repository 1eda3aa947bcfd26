import type { DataSource } from 'typeorm';
import { createOwnerDataSource } from '#libs/event-store/index.js';
import { claimCountsSql, competitionSql, knownWordsSql } from '../support/derived-columns.js';

/** The partner with the most claims, and two of its locations. */
export const greatestPartner = { accountId: '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c', locations: ['1240371', '1240388'] };

/** Returns a number from 0 to 1 that depends only on the claim and the question, so that every load is the same. */
const shareFunction = `
  CREATE OR REPLACE FUNCTION bench_share(claim bigint, question int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(claim, question) & 9007199254740991) / 9007199254740992.0`;

/** Inserts claims $1 to $2. Deadlines range from a day and a half ago to five days ahead; only review clocks may have run out. */
const claimsSql = `
  WITH words AS (
    SELECT ARRAY['Teams','Exchange','SharePoint','Intune','Defender','Power BI','Sales','Finance','Azure','Viva'] AS themes,
      ARRAY['adoption','rollout','внедрение','миграция','поддержка','обучение','pilot','renewal','развёртывание','migration'] AS works,
      ARRAY['north','blue','iron','silver','Север','Заря','green','river','Восток','stone','Маяк','cloud','field','harbor','Луч'] AS firsts,
      ARRAY['wind','heron','bridge','trade','торг','строй','logistics','foods','банк','energy','медиа','health'] AS seconds,
      ARRAY['exchange','teams','sharepoint','intune','defender','viva','power_bi','sales','finance','azure'] AS products
  ), drawn AS (
    SELECT i, bench_share(i, 1) AS phase_share, floor(power(bench_share(i, 2), 2.5) * 2000)::int AS place,
      floor(power(bench_share(i, 3), 3) * 100000)::int AS tenant,
      1 + (bench_share(i, 4) > 0.7)::int + (bench_share(i, 4) > 0.9)::int AS lines, bench_share(i, 5) AS age, bench_share(i, 6) AS due
    FROM generate_series($1::bigint, $2::bigint) i
  ), placed AS (
    SELECT d.*, md5('claim ' || i)::uuid AS claim_id, md5('tenant ' || tenant) AS tenant_hash,
      CASE WHEN place < 5 THEN '${greatestPartner.accountId}' ELSE md5('account ' || place / 5)::uuid::text END AS account,
      CASE place WHEN 0 THEN '${greatestPartner.locations[0]}' WHEN 1 THEN '${greatestPartner.locations[1]}' ELSE (2000000 + place)::text END AS partner_id,
      (CASE WHEN phase_share < 0.03 THEN 'submitted' WHEN phase_share < 0.055 THEN 'under_review' WHEN phase_share < 0.07 THEN 'action_required'
        WHEN phase_share < 0.09 THEN 'consent_pending' WHEN phase_share < 0.11 THEN 'rejected' WHEN phase_share < 0.113 THEN 'disputed'
        WHEN phase_share < 0.17 THEN 'draft' WHEN phase_share < 0.21 THEN 'rejected_final' WHEN phase_share < 0.31 THEN 'canceled'
        WHEN phase_share < 0.43 THEN 'ended' ELSE 'official' END) AS phase
    FROM drawn d
  ), phased AS (
    SELECT p.*, phase IN ('submitted','under_review','action_required','consent_pending','rejected','disputed') AS is_open,
      CASE phase WHEN 'submitted' THEN 'K1' WHEN 'under_review' THEN 'K2' WHEN 'action_required' THEN 'K4' WHEN 'consent_pending' THEN 'K5'
        WHEN 'rejected' THEN 'K7' WHEN 'disputed' THEN 'K8' END AS clock
    FROM placed p
  ), timed AS (
    SELECT p.*, clock IN ('K1', 'K2', 'K8') AS is_review, date_trunc('milliseconds', $3::timestamptz
        - CASE WHEN is_open THEN interval '30 days' ELSE interval '1095 days' END * age - interval '6 hours') AS created_at,
      date_trunc('milliseconds', $3::timestamptz + CASE WHEN clock = 'K7' THEN interval '30 days' WHEN is_open THEN interval '5 days' END
        * (CASE WHEN clock IN ('K1', 'K2', 'K8') THEN 1.3 * due - 0.3 ELSE due END)) AS due_at
    FROM phased p
  ), described AS (
    SELECT t.*, due_at < $3::timestamptz AS is_breached,
      CASE WHEN i % 3 = 0 THEN 'business_applications' ELSE 'modern_work_security' END AS area,
      firsts[1 + tenant % 15] || ' ' || seconds[1 + tenant / 15 % 12] || ' ' || tenant AS customer_name,
      'c' || tenant || CASE WHEN tenant % 2 = 0 THEN '-northern.example' ELSE '-trading.example' END AS domain,
      themes[1 + (bench_share(i, 7) * 10)::int % 10] || ' ' || works[1 + (bench_share(i, 8) * 10)::int % 10] || ' ' || firsts[1 + tenant % 15]
        || CASE WHEN i % 20011 = 7 THEN ' Аврора' ELSE '' END || CASE WHEN i % 211 = 7 THEN ' Хрусталь' ELSE '' END AS name,
      ARRAY(SELECT products[1 + (i + n * 3) % 10] FROM generate_series(1, lines) n) AS products,
      ARRAY[CASE WHEN bench_share(i, 9) < 0.6 THEN 'usage' WHEN bench_share(i, 9) < 0.95 THEN 'presales' ELSE 'pilot' END] AS activities,
      CASE WHEN i % 10 = 0 THEN ARRAY['quarter-' || i % 4] WHEN i % 997 = 1 THEN ARRAY['audit'] ELSE '{}' END AS tags,
      CASE WHEN phase IN ('rejected', 'rejected_final', 'disputed') THEN ARRAY[CASE WHEN i % 50 = 0 THEN 'evidence_stale' ELSE 'evidence_insufficient' END]
        WHEN phase = 'action_required' THEN ARRAY['evidence_all_missing'] ELSE '{}' END AS reasons,
      'CLM-' || lpad(i::text, greatest(6, length(i::text)), '0') AS number,
      CASE WHEN i % 4 = 0 THEN 'crm-' || i END AS external_reference
    FROM timed t, words
  ), stated AS (
    SELECT d.*, jsonb_build_object('dueAt', bench_instant(due_at), 'dueAtLocal', to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS+00:00'),
        'day0', to_char(created_at, 'YYYY-MM-DD'), 'countedDays', jsonb_build_array(to_char(due_at - interval '4 days', 'YYYY-MM-DD'),
        to_char(due_at - interval '3 days', 'YYYY-MM-DD'), to_char(due_at - interval '2 days', 'YYYY-MM-DD'), to_char(due_at, 'YYYY-MM-DD')),
        'calendar', 'us@1', 'zone', 'America/New_York', 'unit', 'business_day', 'days', 5, 'isBeyondCoverage', false) AS deadline,
      (SELECT jsonb_agg(n) FROM generate_series(1, lines) n) AS line_numbers,
      CASE clock WHEN 'K1' THEN 'review' WHEN 'K2' THEN 'decision' WHEN 'K4' THEN 'answer' WHEN 'K5' THEN 'customer' WHEN 'K7' THEN 'dispute'
        WHEN 'K8' THEN 'dispute_decision' END AS awaited,
      CASE clock WHEN 'K5' THEN 'customer' WHEN 'K4' THEN 'partner' WHEN 'K7' THEN 'partner' ELSE 'reviewer' END AS mover
    FROM described d
  )
  INSERT INTO claims (claim_id, number, version, partner_account_id, partner_id, tenant_id, name, external_reference, phase, is_open,
    alarm_at, created_at, updated_at, area, domain, customer_name, products, activities, tags, reasons, due_at, due_clock, is_breached,
    review_due_at, barred_reviewers, position, state)
  SELECT claim_id, number, 4 + i % 5, account, partner_id, tenant_hash::uuid::text, name, external_reference, phase, is_open,
    CASE WHEN NOT is_breached THEN due_at END, created_at,
    date_trunc('milliseconds', least($3::timestamptz, created_at + interval '20 days' * bench_share(i, 10))), area, domain, customer_name,
    ARRAY(SELECT DISTINCT unnest(products) ORDER BY 1), activities, tags, reasons, due_at, clock, coalesce(is_breached, false),
    CASE WHEN is_review THEN due_at END,
    array_remove(ARRAY['partner-' || account, CASE WHEN phase = 'disputed' THEN 'reviewer-' || i % 20 END], NULL),
    jsonb_build_object('version', 4 + i % 5, 'submission', 1, 'phase', phase, 'isOpen', is_open, 'noticesToSend', '[]'::jsonb,
      'lines', (SELECT jsonb_agg(jsonb_build_object('line', n, 'phase', phase)) FROM generate_series(1, lines) n),
      'waiting', CASE WHEN is_open THEN jsonb_build_array(jsonb_build_object('for', awaited, 'mover', mover, 'lines', line_numbers,
        'since', bench_instant(created_at), 'until', bench_instant(due_at))) ELSE '[]' END,
      'alarm', CASE WHEN is_open AND NOT is_breached THEN jsonb_build_object('clock', clock, 'at', bench_instant(due_at), 'needsDirectory', clock = 'K5') END),
    jsonb_build_object('version', 4 + i % 5, 'number', number, 'partnerAccountId', account, 'policy', 'sample@1',
      'details', jsonb_build_object('programme', 'sample', 'name', name, 'partnerId', partner_id, 'tenantId', tenant_hash::uuid::text,
        'domain', domain, 'area', area, 'contacts', jsonb_build_object('customer', NULL, 'partner', NULL, 'technical', NULL), 'revenue', NULL,
        'lines', (SELECT jsonb_agg(jsonb_build_object('line', n, 'product', products[n], 'subscriptionId', NULL, 'activities', activities))
          FROM generate_series(1, lines) n),
        'acknowledgementVersion', 1, 'transactionOn', NULL, 'isOptedOutOfIncentives', false, 'externalReference', external_reference, 'tags', tags),
      'lines', (SELECT jsonb_agg(jsonb_build_object('line', n, 'product', products[n], 'subscriptionId', NULL, 'activities', activities,
          'phase', phase, 'since', bench_instant(created_at), 'isApproved', phase IN ('consent_pending', 'official', 'ended'),
          'isWindowPassed', false, 'holds', '[]'::jsonb, 'isDisputeUsed', phase IN ('disputed', 'rejected_final'), 'noticeId', NULL,
          'rejection', CASE WHEN phase IN ('rejected', 'rejected_final', 'disputed') THEN
            jsonb_build_object('reason', reasons[1], 'by', 'reviewer-' || i % 20, 'isDisputable', phase = 'rejected') END,
          'official', CASE WHEN phase IN ('official', 'ended') THEN jsonb_build_object('associationId', md5('association ' || i || n)::uuid,
            'target', 'workload:' || tenant_hash::uuid || ':' || products[n], 'from', bench_instant(created_at), 'to', NULL) END))
        FROM generate_series(1, lines) n),
      'evidence', jsonb_build_array(jsonb_build_object('evidenceId', claim_id, 'sha256', md5(i::text) || md5(i::text), 'signedOn', NULL, 'cover', NULL)),
      'notices', '[]'::jsonb, 'requests', CASE WHEN phase = 'action_required' THEN jsonb_build_array(jsonb_build_object('requestId', claim_id,
        'lines', line_numbers, 'reasons', reasons, 'askedAt', bench_instant(created_at), 'version', 3)) ELSE '[]' END,
      'clocks', CASE WHEN is_open THEN jsonb_build_array(jsonb_build_object('clock', clock, 'lines', line_numbers,
        'startedAt', bench_instant(created_at), 'deadline', deadline, 'isBreached', is_breached)) ELSE '[]' END,
      'paused', '[]'::jsonb, 'findings', '[]'::jsonb, 'submission', 1, 'suppliedAtVersion', 2, 'partnerSubjects', jsonb_build_array('partner-' || account))
  FROM stated`;

const instantFunction = `
  CREATE OR REPLACE FUNCTION bench_instant(instant timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const linesSql = `
  INSERT INTO claim_lines (claim_id, line, phase, product, subscription_id, target, activities)
  SELECT claim_id, (l ->> 'line')::int, l ->> 'phase', l ->> 'product', NULL, 'workload:' || tenant_id || ':' || (l ->> 'product'), activities
  FROM claims, jsonb_array_elements(state -> 'lines') l`;

/** Makes a target's first live claim its holder, and ends later ones. */
const associationsSql = `
  INSERT INTO associations
    (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at, ended_at)
  SELECT (l -> 'official' ->> 'associationId')::uuid, claim_id, (l ->> 'line')::int, l -> 'official' ->> 'target', partner_account_id, partner_id,
    tenant_id, activities, created_at, CASE WHEN phase = 'ended'
      OR row_number() OVER (PARTITION BY l -> 'official' ->> 'target', phase ORDER BY created_at DESC, claim_id) > 1 THEN updated_at END
  FROM claims, jsonb_array_elements(state -> 'lines') l WHERE phase IN ('official', 'ended')
  ON CONFLICT DO NOTHING`;

const loadedTables = ['claims', 'claim_lines', 'associations'];
const lanes = 2;

/** Fills an empty database with plausible claims, their lines and associations, through two connections. */
export async function loadClaims(ownerUrl: string, count: number, say: (line: string) => void): Promise<void> {
  const owner = await createOwnerDataSource(ownerUrl).initialize();
  try {
    await owner.query(`${shareFunction}; ${instantFunction}`);
    const indexes = await owner.query<{ name: string; definition: string }[]>(
      `SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE i.indrelid::regclass::text = ANY($1) AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)`,
      [loadedTables],
    );
    for (const { name } of indexes) await owner.query(`DROP INDEX ${name}`);
    await owner.query('ALTER TABLE claims DISABLE TRIGGER USER');
    await timed(say, `${count} claims`, () => insertClaims(owner, count));
    await owner.query(`SELECT setval('claim_numbers', $1)`, [count]);
    await timed(say, 'lines', () => owner.query(linesSql));
    await timed(say, 'associations', () => owner.query(associationsSql));
    await timed(say, 'competition', () => owner.query(competitionSql));
    await timed(say, 'words', () => owner.query(knownWordsSql));
    await owner.query('TRUNCATE claim_counts, claim_count_changes');
    await timed(say, 'counts', () => owner.query(claimCountsSql));
    await owner.query('ALTER TABLE claims ENABLE TRIGGER USER');
    await timed(say, `${indexes.length} indexes`, () => createIndexes(owner, indexes));
    await timed(say, 'vacuum and analyse', () => owner.query(`VACUUM (ANALYZE) ${loadedTables.join(', ')}`));
    await owner.query('DROP FUNCTION bench_share, bench_instant');
  } finally {
    await owner.destroy();
  }
}

async function insertClaims(owner: DataSource, count: number): Promise<void> {
  const now = new Date();
  const size = Math.min(20_000, Math.ceil(count / lanes));
  let first = 1;
  const lane = async () => {
    while (first <= count) {
      const from = first;
      first += size;
      await owner.query(claimsSql, [from, Math.min(from + size - 1, count), now]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function createIndexes(owner: DataSource, indexes: { definition: string }[]): Promise<void> {
  const left = [...indexes];
  const lane = async () => {
    for (let index = left.shift(); index !== undefined; index = left.shift()) {
      const { definition } = index;
      await owner.transaction(async (manager) => {
        await manager.query(`SET LOCAL maintenance_work_mem = '512MB'`);
        await manager.query(definition);
      });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function timed(say: (line: string) => void, what: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  say(`Loaded ${what} in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}
