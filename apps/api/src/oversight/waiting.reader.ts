import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type ClockName, clockRules, publicClockNames } from '#libs/claims/index.js';
import { countClaims, iso, Phase } from '#libs/read-models/index.js';
import { isNoticeStillSent } from './still-sent.js';

const count = z.int().min(0).max(1_000_000_000);

export const WaitingReport = z
  .object({
    asOf: z.iso.datetime().describe('The clock of the product.'),
    phases: z.array(z.object({ phase: Phase, claims: count })),
    clocks: z
      .array(
        z.object({
          clock: z.enum(Object.values(publicClockNames)),
          mover: z.enum(['reviewer', 'partner', 'customer', 'system']),
          claims: count.describe('Open claims whose earliest clock this is.'),
          overdue: count,
        }),
      )
      .describe('What open claims wait for. Reviews that are late stay here until somebody acts.'),
    operations: z.object({ pending: count, oldestAt: z.iso.datetime().nullable() }).describe('Commands without an outcome.'),
    failing: z
      .object({ claims: count, since: z.iso.datetime().nullable() })
      .describe('Claims of which a step keeps failing and is retried.'),
    letters: z
      .object({ waiting: count, retrying: count })
      .describe('Letters that no mail server has answered yet: those never tried, and those tried before.'),
    notices: z
      .object({ retrying: count })
      .describe('Mails of notices that the mail server has not taken yet and that are still sent again.'),
    repairs: z
      .object({
        lastAt: z.iso.datetime().nullable(),
        lastDay: z.array(z.object({ reason: z.string(), claims: count })),
      })
      .describe('What reconciliation had to repair. In a healthy system nothing.'),
    checkpoint: z
      .object({ at: z.iso.datetime(), number: z.int().min(1).max(2_147_483_647) })
      .nullable()
      .describe('The last checkpoint of the record; null if none was made.'),
  })
  .meta({ id: 'WaitingReport', description: 'What waits for what, for those who operate the installation.' });
type WaitingReport = z.output<typeof WaitingReport>;

/** Repairs that are looked at. In a healthy system there are none. */
const recentRepairs = 10_000;

const countsSql = `
  SELECT
    (SELECT coalesce(json_agg(json_build_object('clock', due_clock, 'claims', claims, 'overdue', overdue) ORDER BY due_clock), '[]') FROM (
       SELECT due_clock, count(*)::int AS claims, count(*) FILTER (WHERE due_at < (SELECT cpor_now()))::int AS overdue
       FROM claims WHERE is_open AND due_clock IS NOT NULL GROUP BY due_clock) clocks) AS clocks,
    (SELECT json_build_object('pending', count(*), 'oldestAt', ${iso('min(received_at)')}) FROM claim_commands WHERE outcome IS NULL) AS operations,
    (SELECT json_build_object('claims', count(*), 'since', ${iso('min(since)')}) FROM stuck_claims) AS failing,
    (SELECT json_build_object('waiting', count(*) FILTER (WHERE attempts = 0), 'retrying', count(*) FILTER (WHERE attempts > 0))
       FROM letters WHERE outcome IS NULL) AS letters,
    (SELECT json_build_object('retrying', count(*)) FROM notice_recipients r JOIN claims c USING (claim_id)
       WHERE r.trouble = 'retrying' AND ${isNoticeStillSent}) AS notices,
    (SELECT json_build_object('lastAt', ${iso('max(repaired_at)')}, 'lastDay', (
         SELECT coalesce(json_agg(json_build_object('reason', reason, 'claims', claims) ORDER BY reason), '[]') FROM (
           SELECT reason, count(*)::int AS claims FROM (SELECT * FROM repairs ORDER BY repair_id DESC LIMIT ${recentRepairs}) r
           WHERE repaired_at > (SELECT cpor_now()) - interval '1 day' GROUP BY reason) reasons))
       FROM (SELECT repaired_at FROM repairs ORDER BY repair_id DESC LIMIT 1) latest) AS repairs,
    (SELECT json_build_object('at', ${iso('made_at')}, 'number', number) FROM checkpoints ORDER BY number DESC LIMIT 1) AS checkpoint`;

/** Counts what waits for what. Sums reveal no single claim, so they cover all claims. */
@Injectable()
export class WaitingReader {
  constructor(private readonly source: DataSource) {}

  async read(): Promise<WaitingReport> {
    const { manager } = this.source;
    const { countedAt, phases } = await countClaims(manager, { kind: 'everything' });
    const [row] =
      await manager.query<
        [Omit<WaitingReport, 'asOf' | 'phases' | 'clocks'> & { clocks: { clock: ClockName; claims: number; overdue: number }[] }]
      >(countsSql);
    return {
      asOf: countedAt,
      phases: phases.map(({ phase, claims }) => ({ phase: phase as WaitingReport['phases'][number]['phase'], claims: Number(claims) })),
      ...row,
      clocks: row.clocks.map(({ clock, ...counted }) => ({ clock: publicClockNames[clock], mover: clockRules[clock].mover, ...counted })),
    };
  }
}
