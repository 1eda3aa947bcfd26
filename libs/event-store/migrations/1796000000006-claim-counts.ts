import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many claims each partner, location and phase has: sums, and the changes since they were taken. Writers only append a change, so that
 * no two of them wait for the same sum.
 */
export class ClaimCounts1796000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
      -- Every thousandth change adds up those before it.
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
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER claims_counted ON claims;
      DROP TRIGGER claims_counted_anew ON claims;
      DROP FUNCTION count_claim, sum_claim_counts;
      DROP TABLE claim_count_changes, claim_counts;
    `);
  }
}
