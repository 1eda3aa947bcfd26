import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Full-text search of claims: how texts become words, and words a query. */
export class Search1796000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Splits a text into words for comparison, whatever the locale of the database: lower case, ё as е, letters and digits only.
      CREATE FUNCTION search_words(content text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      BEGIN ATOMIC
        SELECT DISTINCT word
        FROM regexp_split_to_table(translate(lower(normalize(content, NFKC) COLLATE pg_c_utf8), 'ё', 'е'), '[^[:alnum:]]+') AS word
        WHERE word <> '';
      END;
      -- The words of a claim, by weight: name and number (A; 42 also finds CLM-000042), domain (B), customer (C).
      CREATE FUNCTION claim_words(name text, number text, domain text, customer_name text) RETURNS tsvector
      LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      BEGIN ATOMIC
        SELECT coalesce(string_agg(word || place, ' '), '')::tsvector FROM (
          SELECT search_words(name || ' ' || ltrim(number, 'CLM-') || ' ' || ltrim(number, 'CLM-0')) AS word, ':1A' AS place
          UNION ALL SELECT search_words(domain), ':2B'
          UNION ALL SELECT search_words(customer_name), ':3C'
        ) AS words;
      END;
      -- Every word must occur in the claim, under one of the weights; the last may be a prefix. A domain's ending is dropped (half of all
      -- domains share one), and what is left of the domain must match as a whole.
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
      -- Every word of every claim. Full-text indexes are slow at prefixes, so a prefix is first looked up here and replaced by the few words that
      -- begin with it. Numbers are left out: each is a word of one claim only.
      CREATE TABLE known_words (word text COLLATE "C" PRIMARY KEY);
      GRANT SELECT ON known_words TO cpor_app;
      -- Called by triggers on claims.
      CREATE FUNCTION know_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        INSERT INTO known_words SELECT word FROM unnest(tsvector_to_array(NEW.words)) word WHERE word ~ '[^0-9]' ORDER BY word
        ON CONFLICT DO NOTHING;
        RETURN NULL;
      END $$;
      -- claim_query with its prefix replaced by the known words that begin with it, unless there are more than 64.
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
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION known_claim_query, know_words;
      DROP TABLE known_words;
      DROP FUNCTION claim_query, claim_words, search_words;
    `);
  }
}
