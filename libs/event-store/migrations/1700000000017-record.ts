import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What makes the record prove itself: commands in a chain, checkpoints, and a feed whose places survive a restore. */
export class Record1700000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Commands of a claim in the order in which they were settled, each linked to the one before it. Those settled earlier have no number.
      ALTER TABLE claim_commands ADD COLUMN settled_number integer, ADD COLUMN hash bytea;
      CREATE UNIQUE INDEX claim_commands_by_claim ON claim_commands (claim_id, settled_number);
      -- Who said what, and when it was received, is written once.
      REVOKE UPDATE ON claim_commands FROM cpor_app;
      GRANT UPDATE (outcome, settled_at, settled_number, hash, fingerprint) ON claim_commands TO cpor_app;

      -- What was anchored outside. The files are the operator's; here is what must fit them, each row linked to the one before it.
      CREATE TABLE checkpoints (
        number integer PRIMARY KEY,
        made_at timestamptz NOT NULL,
        digest text NOT NULL,
        previous text,
        -- Up to here each number has a claim, or was given to none.
        numbers_up_to bigint NOT NULL,
        unused_numbers int8multirange NOT NULL
      );
      GRANT SELECT, INSERT ON checkpoints TO cpor_app;
      REVOKE UPDATE, DELETE, TRUNCATE ON checkpoints FROM cpor_app, PUBLIC;
      GRANT SELECT ON SEQUENCE claim_numbers TO cpor_app;

      -- A fingerprint is made of what was typed, and goes with it.
      GRANT UPDATE (fingerprint) ON legal_holds, legal_hold_releases TO cpor_app;

      -- What is handed over waits here, in the order in which it was written, until it gets its place. A trigger, so that nothing that writes
      -- events can leave one out.
      CREATE TABLE hand_over_queue (
        queue_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        claim_id uuid NOT NULL,
        version integer NOT NULL
      );
      CREATE FUNCTION queue_hand_over() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        INSERT INTO hand_over_queue (claim_id, version) VALUES (NEW.claim_id, NEW.version);
        RETURN NULL;
      END $$;
      CREATE TRIGGER claim_events_to_hand_over AFTER INSERT ON claim_events FOR EACH ROW
        WHEN (NEW.type IN ('LinesMadeOfficial', 'AssociationEnded', 'AssociationTransferred', 'AssociationChecked'))
        EXECUTE FUNCTION queue_hand_over();

      -- Places in the feed: numbered without gaps once what they hold is committed, and chained, so that a reader's cursor knows its database again.
      CREATE TABLE handed_over (
        place bigint PRIMARY KEY,
        claim_id uuid NOT NULL,
        version integer NOT NULL,
        hash bytea NOT NULL,
        UNIQUE (claim_id, version),
        FOREIGN KEY (claim_id, version) REFERENCES claim_events
      );
      -- One at a time; each statement sees what was committed before the lock was ours. What is there already, as after a restore, stays.
      CREATE FUNCTION hand_over() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        waiting record;
        last record;
      BEGIN
        IF NOT EXISTS (SELECT FROM hand_over_queue) THEN RETURN; END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('hand_over', 0));
        SELECT h.place, h.hash INTO last FROM handed_over h ORDER BY h.place DESC LIMIT 1;
        FOR waiting IN
          SELECT q.queue_id, q.claim_id, q.version, e.hash, h.place IS NOT NULL AS is_there FROM hand_over_queue q
          JOIN claim_events e USING (claim_id, version) LEFT JOIN handed_over h USING (claim_id, version)
          ORDER BY q.queue_id LIMIT 10000
        LOOP
          DELETE FROM hand_over_queue WHERE queue_id = waiting.queue_id;
          CONTINUE WHEN waiting.is_there;
          INSERT INTO handed_over (place, claim_id, version, hash) VALUES (coalesce(last.place, 0) + 1, waiting.claim_id, waiting.version,
            sha256(coalesce(last.hash, '') || waiting.hash)) RETURNING place, hash INTO last;
        END LOOP;
      END $$;
      REVOKE ALL ON FUNCTION queue_hand_over, hand_over FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION hand_over TO cpor_app;
      GRANT SELECT ON handed_over, hand_over_queue TO cpor_app;

      -- Read until now by transaction; whoever reads on with a cursor from then finds the same order.
      INSERT INTO hand_over_queue (claim_id, version)
        SELECT claim_id, version FROM claim_events
        WHERE type IN ('LinesMadeOfficial', 'AssociationEnded', 'AssociationTransferred', 'AssociationChecked')
        ORDER BY transaction_id, position;
      DO $$ BEGIN WHILE EXISTS (SELECT FROM hand_over_queue) LOOP PERFORM hand_over(); END LOOP; END $$;
      DROP INDEX claim_events_by_position;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX claim_events_by_position ON claim_events (transaction_id, position);
      DROP TRIGGER claim_events_to_hand_over ON claim_events;
      DROP FUNCTION hand_over, queue_hand_over;
      DROP TABLE handed_over, hand_over_queue;
      REVOKE UPDATE (fingerprint) ON legal_holds, legal_hold_releases FROM cpor_app;
      REVOKE SELECT ON SEQUENCE claim_numbers FROM cpor_app;
      DROP TABLE checkpoints;
      REVOKE UPDATE (outcome, settled_at, settled_number, hash, fingerprint) ON claim_commands FROM cpor_app;
      GRANT UPDATE ON claim_commands TO cpor_app;
      DROP INDEX claim_commands_by_claim;
      ALTER TABLE claim_commands DROP COLUMN settled_number, DROP COLUMN hash;
    `);
  }
}
