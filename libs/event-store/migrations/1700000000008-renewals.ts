import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Renewals1700000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What the life of a subscription needs: since when it is known, its grace, and what renews it. A successor may be named before the
      -- directory knows it, so it is no foreign key.
      alter table directory_subscriptions
        add column provisioned_on date,
        add column grace_ends_on date,
        add column successor_id uuid,
        add constraint directory_subscriptions_successor check (successor_id <> subscription_id),
        add constraint directory_subscriptions_grace check (grace_ends_on is null or (ends_on is not null and grace_ends_on >= ends_on));
      create index on directory_subscriptions (successor_id) where successor_id is not null;

      -- A channel that does not count is a fact to refuse with, not one to leave out.
      alter table directory_subscriptions
        drop constraint directory_subscriptions_channel_check,
        add constraint directory_subscriptions_channel_check check (channel ~ '^[a-z][a-z0-9_]{0,63}$');

      -- Answers on file name the enrolled siblings without their programmes; the next answer brings them.
      update directory_answers set facts = jsonb_set(facts #- '{location,enrolledSiblings}', '{location,siblings}', '[]')
      where facts -> 'location' ? 'enrolledSiblings';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE directory_subscriptions DROP COLUMN provisioned_on, DROP COLUMN grace_ends_on, DROP COLUMN successor_id',
    );
  }
}
