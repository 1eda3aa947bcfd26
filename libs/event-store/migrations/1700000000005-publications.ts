import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who published a version of a programme or calendar, and when. What came with the product, or before this was recorded, has nobody. */
export class Publications1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['policies', 'calendars']) {
      await runner.query(`
        ALTER TABLE ${table} ADD COLUMN published_at timestamptz, ADD COLUMN published_by text;
        ALTER TABLE ${table} ALTER COLUMN published_at SET DEFAULT cpor_now();
        -- A published version never changes: what claims and deadlines name must stay what it was.
        REVOKE UPDATE, DELETE, TRUNCATE ON ${table} FROM cpor_app, PUBLIC;
      `);
    }
    await runner.query(`
      -- A version that was taken back before it took effect. It stays on record, and its number is not given again.
      CREATE TABLE policy_withdrawals (
        name text NOT NULL,
        version integer NOT NULL,
        withdrawn_at timestamptz NOT NULL DEFAULT cpor_now(),
        withdrawn_by text,
        PRIMARY KEY (name, version),
        FOREIGN KEY (name, version) REFERENCES policies
      );
      GRANT SELECT, INSERT ON policy_withdrawals TO cpor_app;
    `);
    // Versions from before these fields existed say by them what they did: nothing of it.
    await runner.query(`
      UPDATE policies SET body = '{
          "language": "en", "publicSectorConsent": "opt_out", "termMonths": null, "whenEnrolmentIsLost": "keep",
          "usage": { "suppressBelow": null, "hasBaselineMonth": false, "afterEnd": "nothing", "executiveColumns": [] },
          "retention": { "eventYears": 7, "evidenceMonths": 24 }, "statementTemplates": [], "automaticApprovals": []
        }'::jsonb || body
        || jsonb_build_object('clocks', '{ "hearingBusinessDays": 5, "expiryNoticeDays": [30, 7, 1] }'::jsonb || (body -> 'clocks'))
        || jsonb_build_object('evidence', '{ "isTemplateRequired": false, "customerSees": "names" }'::jsonb || (body -> 'evidence'))
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE policy_withdrawals');
    for (const table of ['policies', 'calendars']) {
      await runner.query(`ALTER TABLE ${table} DROP COLUMN published_at, DROP COLUMN published_by`);
    }
  }
}
