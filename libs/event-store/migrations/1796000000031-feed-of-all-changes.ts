import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The feed reports every change of a claim, not only those of associations. Earlier changes follow after what it has reported already. */
export class FeedOfAllChanges1796000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER claim_events_to_feed ON claim_events;
      CREATE OR REPLACE FUNCTION queue_for_feed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        INSERT INTO feed_queue (claim_id, version) SELECT claim_id, version FROM added ORDER BY version;
        RETURN NULL;
      END $$;
      CREATE TRIGGER claim_events_to_feed AFTER INSERT ON claim_events REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION queue_for_feed();
      INSERT INTO feed_queue (claim_id, version)
        SELECT claim_id, version FROM claim_events e
        WHERE NOT EXISTS (SELECT FROM feed_places p WHERE p.claim_id = e.claim_id AND p.version = e.version)
          AND NOT EXISTS (SELECT FROM feed_queue q WHERE q.claim_id = e.claim_id AND q.version = e.version)
        ORDER BY recorded_at, claim_id, version;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER claim_events_to_feed ON claim_events;
      CREATE OR REPLACE FUNCTION queue_for_feed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        INSERT INTO feed_queue (claim_id, version) VALUES (NEW.claim_id, NEW.version);
        RETURN NULL;
      END $$;
      CREATE TRIGGER claim_events_to_feed AFTER INSERT ON claim_events FOR EACH ROW
        WHEN (NEW.type IN ('LinesMadeOfficial', 'AssociationEnded', 'AssociationTransferred', 'AssociationChecked'))
        EXECUTE FUNCTION queue_for_feed();
    `);
  }
}
