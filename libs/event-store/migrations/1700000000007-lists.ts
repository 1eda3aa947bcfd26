import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fills the columns of lists from the states that claims already have; later every append writes them. */
export const listColumnsBackfill = `
  UPDATE claims c SET
    area = d ->> 'area',
    domain = coalesce(lower(d ->> 'domain'), ''),
    products = ARRAY(SELECT DISTINCT l ->> 'product' FROM jsonb_array_elements(lines) l ORDER BY 1),
    activities = ARRAY(SELECT DISTINCT a FROM jsonb_array_elements(lines) l, jsonb_array_elements_text(l -> 'activities') a ORDER BY 1),
    tags = ARRAY(SELECT DISTINCT t FROM jsonb_array_elements_text(d -> 'tags') t ORDER BY 1),
    reasons = ARRAY(
      SELECT l -> 'rejection' ->> 'reason' FROM jsonb_array_elements(lines) l WHERE l -> 'rejection' ->> 'reason' IS NOT NULL
      UNION SELECT r FROM jsonb_array_elements(state -> 'requests') q, jsonb_array_elements_text(q -> 'reasons') r ORDER BY 1),
    due_at = (SELECT min((k -> 'deadline' ->> 'dueAt')::timestamptz) FROM jsonb_array_elements(clocks) k WHERE is_open),
    due_clock = (SELECT k ->> 'clock' FROM jsonb_array_elements(clocks) k WHERE is_open ORDER BY k -> 'deadline' ->> 'dueAt' LIMIT 1),
    is_breached = EXISTS (SELECT FROM jsonb_array_elements(clocks) k WHERE is_open AND (k ->> 'isBreached')::boolean),
    review_due_at = (
      SELECT coalesce(
        (SELECT min((k -> 'deadline' ->> 'dueAt')::timestamptz) FROM jsonb_array_elements(clocks) k
          WHERE k ->> 'clock' IN ('K1', 'K2', 'K3', 'K8')),
        min((w ->> 'since')::timestamptz))
      FROM jsonb_array_elements(position -> 'waiting') w WHERE w ->> 'mover' = 'reviewer' HAVING count(*) > 0),
    barred_reviewers = ARRAY(
      SELECT jsonb_array_elements_text(state -> 'partnerSubjects')
      UNION SELECT min(l -> 'rejection' ->> 'by') FROM jsonb_array_elements(position -> 'waiting') w, jsonb_array_elements(w -> 'lines') n
        JOIN jsonb_array_elements(lines) l ON l -> 'line' = n WHERE w ->> 'mover' = 'reviewer'
        HAVING bool_and(l ->> 'phase' = 'disputed') AND count(DISTINCT l -> 'rejection' ->> 'by') = 1 ORDER BY 1),
    customer_name = coalesce((
      SELECT a.facts -> 'tenant' ->> 'name' FROM directory_answers a
      WHERE a.claim_id = c.claim_id AND a.facts -> 'tenant' ->> 'tenantId' = c.tenant_id AND EXISTS (
        SELECT FROM jsonb_array_elements_text(a.facts -> 'tenant' -> 'domains') known WHERE '.' || (d ->> 'domain') LIKE '%.' || known)
      ORDER BY a.asked_at DESC LIMIT 1), '')
  FROM (SELECT claim_id, state -> 'details' AS d, state -> 'lines' AS lines, state -> 'clocks' AS clocks FROM claims) s
  WHERE s.claim_id = c.claim_id AND c.state IS NOT NULL`;

/** Says of each claim whether another partner asks for, or holds, the target of one of its lines; later every append does. */
export const competitionBackfill = `
  WITH asked AS (
    SELECT claim_id, target, partner_account_id FROM claim_lines l JOIN claims USING (claim_id)
    WHERE l.phase IN ('submitted', 'under_review', 'action_required', 'disputed', 'consent_pending')
  ), wanted AS (
    SELECT target, partner_account_id FROM asked
    UNION ALL SELECT target, partner_account_id FROM associations WHERE ended_at IS NULL
  ), competing AS (
    SELECT DISTINCT claim_id FROM asked
    JOIN (SELECT target FROM wanted GROUP BY target HAVING count(DISTINCT partner_account_id) > 1) contested USING (target)
  )
  UPDATE claims c SET is_competing = NOT is_competing WHERE is_competing <> (claim_id IN (SELECT claim_id FROM competing))`;

/** Notes the words of the claims that there are; later a trigger does. Numbers are left out: each is a word of one claim. */
export const knownWordsBackfill = `
  INSERT INTO known_words SELECT DISTINCT word FROM claims, unnest(tsvector_to_array(words)) word WHERE word ~ '[^0-9]' ON CONFLICT DO NOTHING`;

/** Counts the claims that there are; later a trigger does. */
export const claimCountsBackfill = `
  INSERT INTO claim_counts SELECT partner_account_id, partner_id, phase, count(*) FROM claims WHERE version > 0 GROUP BY 1, 2, 3`;

/** What lists of claims filter, sort and search by. */
export class Lists1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A text's words as searches compare them, the same whatever the locale of the database: lower case, ё as е, letters and digits.
      CREATE FUNCTION search_words(content text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      BEGIN ATOMIC
        SELECT DISTINCT word
        FROM regexp_split_to_table(translate(lower(normalize(content, NFKC) COLLATE pg_c_utf8), 'ё', 'е'), '[^[:alnum:]]+') AS word
        WHERE word <> '';
      END;
      -- The words of a claim: its name and number (A; 42 also finds CLM-000042), its domain (B), its customer (C).
      CREATE FUNCTION claim_words(name text, number text, domain text, customer_name text) RETURNS tsvector
      LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      BEGIN ATOMIC
        SELECT coalesce(string_agg(word || place, ' '), '')::tsvector FROM (
          SELECT search_words(name || ' ' || ltrim(number, 'CLM-') || ' ' || ltrim(number, 'CLM-0')) AS word, ':1A' AS place
          UNION ALL SELECT search_words(domain), ':2B'
          UNION ALL SELECT search_words(customer_name), ':3C'
        ) AS words;
      END;
      -- Every word must be a word of the claim, at one of the places; the last may be the beginning of one. The end of a domain is left
      -- out, and the domain then counts as whole: half of all domains end alike.
      CREATE FUNCTION claim_query(content text, places text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      BEGIN ATOMIC
        SELECT coalesce(string_agg(word || ':' || CASE WHEN word = last AND length(word) > 1 THEN '*' ELSE '' END || places, ' & '), '')::tsquery
        FROM (SELECT regexp_replace(content, '\\mclm[-\\s]*(?=\\d)', ' ', 'gi') AS numbered) n,
          LATERAL (SELECT regexp_replace(numbered COLLATE pg_c_utf8, '\\.[[:alpha:]]{2,}\\s*$', '') AS asked) a,
          LATERAL (SELECT CASE WHEN asked = numbered THEN (SELECT search_words((regexp_match(asked COLLATE pg_c_utf8,
            '([[:alnum:]]+)[^[:alnum:]]*$'))[1]) LIMIT 1) END AS last) l,
          LATERAL search_words(asked) AS word;
      END;
    `);
    await runner.query(`
      ALTER TABLE claims
        ADD COLUMN area text STORAGE MAIN NOT NULL DEFAULT '',
        ADD COLUMN domain text STORAGE MAIN NOT NULL DEFAULT '',
        ADD COLUMN customer_name text STORAGE MAIN NOT NULL DEFAULT '',
        ADD COLUMN products text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        ADD COLUMN activities text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        ADD COLUMN tags text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        ADD COLUMN reasons text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        -- The earliest clock that runs, also one that has run out and stays until somebody acts.
        ADD COLUMN due_at timestamptz,
        ADD COLUMN due_clock text STORAGE MAIN,
        ADD COLUMN is_breached boolean NOT NULL DEFAULT false,
        -- Until when a reviewer should act; null while there is nothing for one to do.
        ADD COLUMN review_due_at timestamptz,
        -- Whether another partner asks for, or holds, what one of the claim's lines asks for.
        ADD COLUMN is_competing boolean NOT NULL DEFAULT false,
        ADD COLUMN barred_reviewers text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        ADD COLUMN words tsvector STORAGE MAIN GENERATED ALWAYS AS (claim_words(name, number, domain, customer_name)) STORED;
      -- State and position leave the row, and nothing else does: what lists filter, sort and show is read with it.
      ALTER TABLE claims SET (toast_tuple_target = 640);
      ALTER TABLE claims
        ALTER COLUMN number SET STORAGE MAIN,
        ALTER COLUMN partner_account_id SET STORAGE MAIN,
        ALTER COLUMN partner_id SET STORAGE MAIN,
        ALTER COLUMN tenant_id SET STORAGE MAIN,
        ALTER COLUMN name SET STORAGE MAIN,
        ALTER COLUMN external_reference SET STORAGE MAIN,
        ALTER COLUMN phase SET STORAGE MAIN;
    `);
    await runner.query(listColumnsBackfill);
    await runner.query(competitionBackfill);
    await runner.query(`
      -- The words of claims, so that a beginning is looked for as the few words that begin so: an index of words is slow at beginnings.
      CREATE TABLE known_words (word text COLLATE "C" PRIMARY KEY);
      GRANT SELECT ON known_words TO cpor_app;
      CREATE FUNCTION know_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        INSERT INTO known_words SELECT word FROM unnest(tsvector_to_array(NEW.words)) word WHERE word ~ '[^0-9]' ORDER BY word
        ON CONFLICT DO NOTHING;
        RETURN NULL;
      END $$;
      CREATE TRIGGER claims_know_words AFTER INSERT ON claims FOR EACH ROW EXECUTE FUNCTION know_words();
      CREATE TRIGGER claims_know_new_words AFTER UPDATE ON claims FOR EACH ROW WHEN (OLD.words <> NEW.words) EXECUTE FUNCTION know_words();
      -- The same query as claim_query, with the words that begin so in place of a beginning, unless they are many.
      CREATE FUNCTION known_claim_query(content text, places text) RETURNS tsquery LANGUAGE sql STABLE STRICT PARALLEL SAFE
      BEGIN ATOMIC
        SELECT CASE
          WHEN beginning IS NULL OR beginning !~ '[^0-9]' OR cardinality(words) > 64 THEN query
          ELSE regexp_replace(query::text, '''[^'']+'':\\*[A-D]*', CASE cardinality(words) WHEN 0 THEN quote_literal(beginning)
            ELSE '(' || (SELECT string_agg(quote_literal(word) || coalesce(':' || nullif(places, ''), ''), ' | ') FROM unnest(words) word) || ')' END)::tsquery
          END
        FROM (SELECT claim_query(content, places) AS query) q,
          LATERAL (SELECT (regexp_match(query::text, '''([^'']+)'':\\*'))[1] AS beginning) b,
          LATERAL (SELECT ARRAY(SELECT word FROM known_words WHERE word ^@ (beginning COLLATE "C") LIMIT 65) AS words) k;
      END;
    `);
    await runner.query(knownWordsBackfill);
    await runner.query(`
      -- How many claims there are: sums, and what has changed since. Whoever writes a claim adds a change, so that nobody waits for a sum.
      CREATE TABLE claim_counts (
        partner_account_id text NOT NULL,
        partner_id text NOT NULL,
        phase text NOT NULL,
        claims integer NOT NULL,
        PRIMARY KEY (partner_account_id, partner_id, phase)
      );
      CREATE TABLE claim_count_changes (
        change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        partner_account_id text NOT NULL,
        partner_id text NOT NULL,
        phase text NOT NULL,
        claims integer NOT NULL
      );
      GRANT SELECT ON claim_counts, claim_count_changes TO cpor_app;
      CREATE FUNCTION sum_claim_counts() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH summed AS (
          DELETE FROM claim_count_changes WHERE change_id IN (SELECT change_id FROM claim_count_changes FOR UPDATE SKIP LOCKED) RETURNING *
        )
        INSERT INTO claim_counts AS c
        SELECT partner_account_id, partner_id, phase, sum(claims) FROM summed GROUP BY 1, 2, 3 HAVING sum(claims) <> 0 ORDER BY 1, 2, 3
        ON CONFLICT (partner_account_id, partner_id, phase) DO UPDATE SET claims = c.claims + excluded.claims
      $$;
      REVOKE ALL ON FUNCTION sum_claim_counts FROM PUBLIC;
      CREATE FUNCTION count_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE is_thousandth boolean;
      BEGIN
        WITH added AS (
          INSERT INTO claim_count_changes (partner_account_id, partner_id, phase, claims)
          SELECT OLD.partner_account_id, OLD.partner_id, OLD.phase, -1 WHERE OLD.version > 0
          UNION ALL SELECT NEW.partner_account_id, NEW.partner_id, NEW.phase, 1 WHERE NEW.version > 0
          RETURNING change_id
        )
        SELECT bool_or(change_id % 1000 = 0) INTO is_thousandth FROM added;
        IF is_thousandth THEN PERFORM sum_claim_counts(); END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER claims_counted AFTER INSERT ON claims FOR EACH ROW WHEN (NEW.version > 0) EXECUTE FUNCTION count_claim();
      CREATE TRIGGER claims_counted_anew AFTER UPDATE ON claims FOR EACH ROW
        WHEN ((OLD.version > 0, OLD.partner_account_id, OLD.partner_id, OLD.phase)
          IS DISTINCT FROM (NEW.version > 0, NEW.partner_account_id, NEW.partner_id, NEW.phase)) EXECUTE FUNCTION count_claim();
    `);
    await runner.query(claimCountsBackfill);
    await runner.query(`
      DROP INDEX claims_by_partner, claims_by_phase, claims_by_tenant;
      -- The claims of one value by creation, and all by that value with ties by creation.
      CREATE INDEX claims_by_partner ON claims (partner_account_id, created_at, claim_id);
      CREATE INDEX claims_by_phase ON claims (phase, created_at, claim_id);
      CREATE INDEX claims_by_tenant ON claims (tenant_id, created_at, claim_id);
      -- Ties by id: the great many of one area would begin with the oldest, and none of those is open.
      CREATE INDEX claims_by_area ON claims (area, claim_id);
      CREATE INDEX claims_by_location ON claims (partner_id, claim_id);
      CREATE INDEX claims_by_partner_and_location ON claims (partner_account_id, partner_id, claim_id);
      CREATE INDEX claims_by_change ON claims (updated_at, claim_id);
      CREATE INDEX claims_by_number ON claims (lpad(ltrim(number, 'CLM-'), 19, '0'), claim_id);
      CREATE INDEX claims_by_name ON claims (lower(name), claim_id);
      CREATE INDEX claims_by_customer ON claims (lower(customer_name), claim_id);
      CREATE INDEX claims_by_domain ON claims (domain, claim_id);
      CREATE INDEX claims_by_reference ON claims (coalesce(external_reference, ''), claim_id);
      CREATE INDEX claims_by_due ON claims (coalesce(due_at, 'infinity'), claim_id);
      -- What is open is recent, and a tenth of all: the other end of the order is far from it.
      CREATE INDEX claims_open_by_creation ON claims (created_at, claim_id) WHERE is_open;
      CREATE INDEX claims_open_by_partner ON claims (partner_account_id, created_at, claim_id) WHERE is_open;
      CREATE INDEX claims_open_by_change ON claims (updated_at, claim_id) WHERE is_open;
      CREATE INDEX claims_open_by_due ON claims (coalesce(due_at, 'infinity'), claim_id) WHERE is_open;
      -- Counts what is overdue, whoever asks.
      CREATE INDEX claims_open_to_count ON claims (due_at) INCLUDE (partner_account_id, partner_id) WHERE is_open;
      CREATE INDEX claims_by_phase_and_due ON claims (phase, coalesce(due_at, 'infinity'), claim_id);
      CREATE INDEX claims_to_review ON claims (review_due_at, claim_id) WHERE review_due_at IS NOT NULL;
      CREATE INDEX claims_to_review_by_competition ON claims (is_competing, review_due_at, claim_id) WHERE review_due_at IS NOT NULL;
      -- Short, since every search reads what waits in it.
      CREATE INDEX claims_by_words ON claims USING gin (words, products, activities, tags, reasons) WITH (gin_pending_list_limit = 256);
      CREATE STATISTICS claims_of_locations (dependencies, mcv) ON partner_account_id, partner_id FROM claims;
      CREATE STATISTICS claims_open_in_phases (dependencies, mcv) ON phase, is_open FROM claims;
      CREATE INDEX associations_by_beginning ON associations (official_at, association_id);
      CREATE INDEX associations_by_end ON associations (coalesce(ended_at, 'infinity'), association_id);
      CREATE INDEX associations_by_partner ON associations (partner_account_id, official_at, association_id);
      CREATE INDEX associations_by_location ON associations (partner_id, official_at, association_id);
      CREATE INDEX associations_by_tenant ON associations (tenant_id, official_at, association_id);
      CREATE INDEX associations_by_target ON associations (target, association_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX associations_by_beginning, associations_by_end, associations_by_partner, associations_by_location, associations_by_tenant,
        associations_by_target;
      DROP STATISTICS claims_of_locations, claims_open_in_phases;
      DROP INDEX claims_by_change, claims_by_number, claims_by_name, claims_by_reference, claims_by_location, claims_by_partner_and_location,
        claims_open_by_creation, claims_open_by_change, claims_by_partner, claims_by_phase, claims_by_tenant;
      CREATE INDEX claims_by_partner ON claims (partner_account_id, created_at DESC, claim_id DESC);
      CREATE INDEX claims_by_phase ON claims (phase, created_at DESC, claim_id DESC);
      CREATE INDEX claims_by_tenant ON claims (tenant_id, created_at DESC, claim_id DESC);
      ALTER TABLE claims RESET (toast_tuple_target);
      ALTER TABLE claims
        ALTER COLUMN number SET STORAGE DEFAULT,
        ALTER COLUMN partner_account_id SET STORAGE DEFAULT,
        ALTER COLUMN partner_id SET STORAGE DEFAULT,
        ALTER COLUMN tenant_id SET STORAGE DEFAULT,
        ALTER COLUMN name SET STORAGE DEFAULT,
        ALTER COLUMN external_reference SET STORAGE DEFAULT,
        ALTER COLUMN phase SET STORAGE DEFAULT;
      DROP TRIGGER claims_counted ON claims;
      DROP TRIGGER claims_counted_anew ON claims;
      DROP FUNCTION count_claim, sum_claim_counts;
      DROP TABLE claim_count_changes, claim_counts;
      DROP TRIGGER claims_know_words ON claims;
      DROP TRIGGER claims_know_new_words ON claims;
      DROP FUNCTION know_words, known_claim_query;
      DROP TABLE known_words;
      ALTER TABLE claims DROP COLUMN words, DROP COLUMN is_competing, DROP COLUMN barred_reviewers, DROP COLUMN review_due_at, DROP COLUMN is_breached,
        DROP COLUMN due_clock, DROP COLUMN due_at, DROP COLUMN reasons, DROP COLUMN tags, DROP COLUMN activities, DROP COLUMN products,
        DROP COLUMN customer_name, DROP COLUMN domain, DROP COLUMN area;
      DROP FUNCTION claim_query, claim_words, search_words;
    `);
  }
}
