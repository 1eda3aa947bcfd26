import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The feed of events about associations. Its cursors survive a restore of the database. */
export class EventFeed1796000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Events wait here, in the order of writing, for their place in the feed. A trigger fills it, so that no writer of events can leave one out.
      CREATE TABLE feed_queue (
        queue_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        claim_id uuid NOT NULL,
        version integer NOT NULL
      );
      CREATE FUNCTION queue_for_feed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        INSERT INTO feed_queue (claim_id, version) VALUES (NEW.claim_id, NEW.version);
        RETURN NULL;
      END $$;
      CREATE TRIGGER claim_events_to_feed AFTER INSERT ON claim_events FOR EACH ROW
        WHEN (NEW.type IN ('LinesMadeOfficial', 'AssociationEnded', 'AssociationTransferred', 'AssociationChecked'))
        EXECUTE FUNCTION queue_for_feed();

      -- Places in the feed: numbered without gaps, and only once their events are committed, so that a reader never skips one. Their hashes form
      -- a chain, by which a cursor recognises its database after a restore.
      CREATE TABLE feed_places (
        place bigint PRIMARY KEY,
        claim_id uuid NOT NULL,
        version integer NOT NULL,
        hash bytea NOT NULL,
        UNIQUE (claim_id, version),
        FOREIGN KEY (claim_id, version) REFERENCES claim_events
      );
      -- Gives queued events their places, one caller at a time. Each statement sees what was committed before it got the lock. Events that have a
      -- place already, as after a restore, keep it.
      CREATE FUNCTION assign_feed_places() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        waiting record;
        last record;
      BEGIN
        IF NOT EXISTS (SELECT FROM feed_queue) THEN RETURN; END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('assign_feed_places', 0));
        SELECT p.place, p.hash INTO last FROM feed_places p ORDER BY p.place DESC LIMIT 1;
        FOR waiting IN
          SELECT q.queue_id, q.claim_id, q.version, e.hash, p.place IS NOT NULL AS has_place FROM feed_queue q
          JOIN claim_events e USING (claim_id, version) LEFT JOIN feed_places p USING (claim_id, version)
          ORDER BY q.queue_id LIMIT 10000
        LOOP
          DELETE FROM feed_queue WHERE queue_id = waiting.queue_id;
          CONTINUE WHEN waiting.has_place;
          INSERT INTO feed_places (place, claim_id, version, hash) VALUES (coalesce(last.place, 0) + 1, waiting.claim_id, waiting.version,
            sha256(coalesce(last.hash, '') || waiting.hash)) RETURNING place, hash INTO last;
        END LOOP;
      END $$;
      REVOKE ALL ON FUNCTION queue_for_feed, assign_feed_places FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION assign_feed_places TO cpor_app;
      GRANT SELECT ON feed_places, feed_queue TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION assign_feed_places;
      DROP TABLE feed_places;
      DROP TRIGGER claim_events_to_feed ON claim_events;
      DROP FUNCTION queue_for_feed;
      DROP TABLE feed_queue;
    `);
  }
}
