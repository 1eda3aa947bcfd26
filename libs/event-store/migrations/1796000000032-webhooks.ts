import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints that are told of changes, and what was sent to them. Retries concern the receiver's systems, so they run in real time. */
export class Webhooks1796000000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhook_endpoints (
        endpoint_id uuid PRIMARY KEY,
        owner_kind text NOT NULL CHECK (owner_kind IN ('partner', 'tenant', 'vendor')),
        -- Partner account or tenant; empty for the vendor.
        owner_id text NOT NULL,
        url text NOT NULL,
        description text NOT NULL,
        -- Null for all of them.
        types text[],
        locations text[],
        format text NOT NULL CHECK (format IN ('standard', 'cloudevents')),
        -- Who is told when the endpoint is disabled.
        contact_email text,
        -- Sealed, the newest first, each until its end: [{"sealed", "endsAt"}].
        secrets jsonb NOT NULL,
        version integer NOT NULL DEFAULT 1,
        -- Why it is disabled; null while it is enabled.
        disabled_because text CHECK (disabled_because IN ('owner', 'gone', 'failing')),
        disabled_at timestamptz,
        told_at timestamptz,
        -- The position in the feed after which events are still unread; null when none is.
        unread_place bigint,
        unread_index integer,
        replayed_at timestamptz,
        failures integer NOT NULL DEFAULT 0,
        failing_since timestamptz,
        paused_until timestamptz,
        delivered_at timestamptz,
        worked_at timestamptz,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (fillfactor = 70);
      CREATE INDEX webhook_endpoints_by_owner ON webhook_endpoints (owner_kind, owner_id, endpoint_id);
      GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints TO cpor_app;

      CREATE TABLE webhook_deliveries (
        endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
        -- The "webhook-id": the event's, at every attempt and replay.
        event_id uuid NOT NULL,
        sequence bigint GENERATED ALWAYS AS IDENTITY,
        type text NOT NULL,
        -- Null for a test event.
        claim_id uuid,
        body text NOT NULL,
        state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up')),
        -- Those that count towards giving up.
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz DEFAULT clock_timestamp(),
        finished_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        -- The latest attempts with their answers.
        log jsonb NOT NULL DEFAULT '[]',
        PRIMARY KEY (endpoint_id, event_id)
      ) WITH (fillfactor = 80);
      CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (endpoint_id, sequence);
      CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (endpoint_id, sequence) WHERE state = 'pending';
      CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (finished_at) WHERE state <> 'pending';
      GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO cpor_app;

      -- The place in the feed up to which endpoints were told that there is something to read.
      CREATE TABLE webhook_dispatch (place bigint NOT NULL);
      CREATE UNIQUE INDEX webhook_dispatch_once ON webhook_dispatch ((true));
      INSERT INTO webhook_dispatch SELECT coalesce(max(place), 0) FROM feed_places;
      GRANT SELECT, UPDATE ON webhook_dispatch TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_dispatch, webhook_deliveries, webhook_endpoints');
  }
}
