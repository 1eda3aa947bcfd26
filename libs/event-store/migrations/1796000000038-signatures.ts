import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the page of a signature request needs beside the claim's events: which link is valid, and what is left of its code. */
export class Signatures1796000000038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signature_requests (
        signature_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        -- The addressee; another one once the request was forwarded.
        person_id uuid NOT NULL,
        -- Null until the mail with the link is sent, and again as soon as it is forwarded.
        token_hash bytea UNIQUE,
        -- The latest code that was mailed. Its hash is made with the link as the key, which is not stored: no row yields the code.
        code_id uuid,
        code_hash bytea,
        code_tries integer NOT NULL DEFAULT 0
      );
      CREATE INDEX signature_requests_of_claim ON signature_requests (claim_id);
      GRANT SELECT, INSERT, UPDATE (person_id, token_hash, code_id, code_hash, code_tries) ON signature_requests TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signature_requests');
  }
}
