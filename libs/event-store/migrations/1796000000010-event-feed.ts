import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The feed of events about associations. Its cursors survive a restore of the database. */
export class EventFeed1796000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The few events of the feed among all others.
      CREATE INDEX claim_events_handed_over ON claim_events (transaction_id, position)
        WHERE type IN ('LinesMadeOfficial', 'AssociationEnded', 'AssociationTransferred', 'AssociationChecked');

      -- Events wait here, in the order of writing, for their place in the feed. A trigger fills it, so that no writer of events can leave one out.
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

      -- Places in the feed: numbered without gaps, and only once their events are committed, so that a reader never skips one. Their hashes form
      -- a chain, by which a cursor recognises its database after a restore.
      CREATE TABLE handed_over (
        place bigint PRIMARY KEY,
        claim_id uuid NOT NULL,
        version integer NOT NULL,
        hash bytea NOT NULL,
        UNIQUE (claim_id, version),
        FOREIGN KEY (claim_id, version) REFERENCES claim_events
      );
      -- Gives queued events their places, one caller at a time. Each statement sees what was committed before it got the lock. Events that have a
      -- place already, as after a restore, keep it.
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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION hand_over;
      DROP TABLE handed_over;
      DROP TRIGGER claim_events_to_hand_over ON claim_events;
      DROP FUNCTION queue_hand_over;
      DROP TABLE hand_over_queue;
      DROP INDEX claim_events_handed_over;
    `);
  }
}
