import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Since when changes are complete. A row becomes visible when its transaction commits, later than the instant in it: by as long as the
 * transaction lasts, and by as much as the clock of a sandbox was moved meanwhile. So the last move is kept, with the clock before it.
 */
export class ClockMoves1796000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sandbox_clock
        ADD COLUMN moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ADD COLUMN ahead_before interval NOT NULL DEFAULT interval '0';
      CREATE FUNCTION note_clock_move() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            NEW.ahead_before := CASE WHEN OLD.moved_at > clock_timestamp() - interval '60 seconds'
              THEN least(OLD.ahead_before, OLD.ahead) ELSE OLD.ahead END;
          END IF;
          NEW.moved_at := clock_timestamp();
          RETURN NEW;
        END
      $$;
      CREATE TRIGGER note_clock_move BEFORE INSERT OR UPDATE ON sandbox_clock FOR EACH ROW EXECUTE FUNCTION note_clock_move();
      CREATE FUNCTION cpor_changes_complete_since() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
        SELECT date_trunc('milliseconds', began.at + coalesce(
          (SELECT CASE WHEN moved_at > began.at THEN least(ahead_before, ahead) ELSE ahead END FROM sandbox_clock), interval '0'))
        FROM (
          SELECT least(clock_timestamp() - interval '60 seconds', min(xact_start)) AS at
          FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL
        ) began
      $$;
      REVOKE ALL ON FUNCTION note_clock_move(), cpor_changes_complete_since() FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION note_clock_move(), cpor_changes_complete_since() TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION cpor_changes_complete_since();
      DROP TRIGGER note_clock_move ON sandbox_clock;
      DROP FUNCTION note_clock_move();
      ALTER TABLE sandbox_clock DROP COLUMN moved_at, DROP COLUMN ahead_before;
    `);
  }
}
