import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Claims and their lines, with the columns that lists filter, sort and search by. */
export class Claims1796000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // STORAGE MAIN and the low target push state and position, and nothing else, out of the row: lists read everything else with it.
    await runner.query(`
      CREATE SEQUENCE claim_numbers START 1;
      GRANT SELECT, USAGE ON SEQUENCE claim_numbers TO cpor_app;
      CREATE TABLE claims (
        claim_id uuid PRIMARY KEY,
        number text STORAGE MAIN NOT NULL UNIQUE,
        version integer NOT NULL DEFAULT 0,
        last_hash bytea NOT NULL DEFAULT ''::bytea,
        partner_account_id text STORAGE MAIN NOT NULL,
        partner_id text STORAGE MAIN NOT NULL DEFAULT '',
        tenant_id text STORAGE MAIN NOT NULL DEFAULT '',
        name text STORAGE MAIN NOT NULL DEFAULT '',
        external_reference text STORAGE MAIN,
        phase text STORAGE MAIN NOT NULL DEFAULT 'draft',
        is_open boolean NOT NULL DEFAULT false,
        -- The next deadline. A claim whose alarm lies in the past is overdue.
        alarm_at timestamptz,
        position jsonb,
        state jsonb,
        created_at timestamptz NOT NULL DEFAULT cpor_now(),
        updated_at timestamptz NOT NULL DEFAULT cpor_now(),
        area text STORAGE MAIN NOT NULL DEFAULT '',
        domain text STORAGE MAIN NOT NULL DEFAULT '',
        customer_name text STORAGE MAIN NOT NULL DEFAULT '',
        products text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        activities text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        tags text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        reasons text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        -- The earliest running clock, including one that has run out and stays until somebody acts.
        due_at timestamptz,
        due_clock text STORAGE MAIN,
        is_breached boolean NOT NULL DEFAULT false,
        -- When a reviewer should have acted; null while a reviewer has nothing to do.
        review_due_at timestamptz,
        -- Whether another partner asks for, or holds, the target of one of the claim's lines.
        is_competing boolean NOT NULL DEFAULT false,
        barred_reviewers text[] STORAGE MAIN NOT NULL DEFAULT '{}',
        words tsvector STORAGE MAIN GENERATED ALWAYS AS (claim_words(name, number, domain, customer_name)) STORED
      ) WITH (toast_tuple_target = 640);
      GRANT SELECT, INSERT, UPDATE ON claims TO cpor_app;
      CREATE TRIGGER claims_know_words AFTER INSERT ON claims FOR EACH ROW EXECUTE FUNCTION know_words();
      CREATE TRIGGER claims_know_new_words AFTER UPDATE ON claims FOR EACH ROW WHEN (OLD.words <> NEW.words) EXECUTE FUNCTION know_words();

      CREATE TABLE claim_lines (
        claim_id uuid NOT NULL REFERENCES claims,
        line integer NOT NULL,
        phase text NOT NULL,
        product text NOT NULL,
        subscription_id text,
        target text NOT NULL,
        activities text[] NOT NULL,
        -- Until when the same partner account must wait after the customer's refusal.
        cool_down_until timestamptz,
        PRIMARY KEY (claim_id, line)
      );
      CREATE INDEX claim_lines_by_target ON claim_lines (target);
      GRANT SELECT, INSERT, UPDATE, DELETE ON claim_lines TO cpor_app;
    `);
    await runner.query(`
      -- Clocks also run on claims that are no longer open: those whose lines are all official.
      CREATE INDEX claims_by_alarm ON claims (alarm_at) WHERE alarm_at IS NOT NULL;
      CREATE INDEX claims_by_creation ON claims (created_at DESC, claim_id DESC);
      -- The claims of one partner, phase or tenant in the order of their creation.
      CREATE INDEX claims_by_partner ON claims (partner_account_id, created_at, claim_id);
      CREATE INDEX claims_by_phase ON claims (phase, created_at, claim_id);
      CREATE INDEX claims_by_tenant ON claims (tenant_id, created_at, claim_id);
      -- Ties by id: by creation, each of these few values would begin with its oldest claims, none of which is open.
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
      -- Open claims are a tenth of all, and recent: an index of all claims would be read through from its other end to reach them.
      CREATE INDEX claims_open_by_creation ON claims (created_at, claim_id) WHERE is_open;
      CREATE INDEX claims_open_by_partner ON claims (partner_account_id, created_at, claim_id) WHERE is_open;
      CREATE INDEX claims_open_by_change ON claims (updated_at, claim_id) WHERE is_open;
      CREATE INDEX claims_open_by_due ON claims (coalesce(due_at, 'infinity'), claim_id) WHERE is_open;
      -- Counts overdue claims without reading them, for any caller.
      CREATE INDEX claims_open_to_count ON claims (due_at) INCLUDE (partner_account_id, partner_id) WHERE is_open;
      CREATE INDEX claims_by_phase_and_due ON claims (phase, coalesce(due_at, 'infinity'), claim_id);
      CREATE INDEX claims_to_review ON claims (review_due_at, claim_id) WHERE review_due_at IS NOT NULL;
      CREATE INDEX claims_to_review_by_competition ON claims (is_competing, review_due_at, claim_id) WHERE review_due_at IS NOT NULL;
      -- The pending list (in kB) is kept short, because every search reads it through.
      CREATE INDEX claims_by_words ON claims USING gin (words, products, activities, tags, reasons) WITH (gin_pending_list_limit = 256);
      -- Columns that depend on each other, which the planner would take for independent.
      CREATE STATISTICS claims_of_locations (dependencies, mcv) ON partner_account_id, partner_id FROM claims;
      CREATE STATISTICS claims_open_in_phases (dependencies, mcv) ON phase, is_open FROM claims;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE claim_lines, claims;
      DROP SEQUENCE claim_numbers;
    `);
  }
}
