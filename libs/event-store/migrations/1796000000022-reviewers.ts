import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has taken the review of a claim, so that two reviewers do not do the same work. */
export class Reviewers1796000000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE claims ADD COLUMN reviewer text STORAGE MAIN;
      -- Reviews that go on already.
      UPDATE claims c SET reviewer = begun.reviewer, state = jsonb_set(c.state, '{reviewer}', to_jsonb(begun.reviewer))
      FROM (
        SELECT DISTINCT ON (e.claim_id) e.claim_id, e.by ->> 'subject' AS reviewer FROM claim_events e
        WHERE e.type = 'ReviewStarted' AND e.by ->> 'kind' = 'reviewer'
          AND EXISTS (SELECT FROM claim_lines l WHERE l.claim_id = e.claim_id AND l.phase = 'under_review')
        ORDER BY e.claim_id, e.version DESC) begun
      WHERE begun.claim_id = c.claim_id;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE claims DROP COLUMN reviewer; UPDATE claims SET state = state - 'reviewer' WHERE state ? 'reviewer'`);
  }
}
