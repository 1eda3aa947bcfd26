import type { DataSource } from 'typeorm';
import { systemActor } from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { type UsagePolicy, usagePolicyDefaults } from '#libs/usage/index.js';
import { type ClaimOptions, type ClaimServices, reviewer, TestClaim } from './claims.js';
import { waitFor } from './wait.js';

/** Publishes the sample programme under another name, with a customer window of one second and other usage rules. */
export async function publishUsageProgramme(source: DataSource, name: string, usage: Partial<UsagePolicy>): Promise<void> {
  const clocks = { ...samplePolicy.clocks, consentWindow: { days: 1, unit: 'second' as const } };
  await source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ($1, 1, '2025-01-01', $2)`, [
    name,
    { ...samplePolicy, name, clocks, usage: { ...usagePolicyDefaults, ...usage } },
  ]);
}

/** Creates a claim in its consent window, which closes within a moment. */
export async function claimInWindow(services: ClaimServices, options: ClaimOptions): Promise<TestClaim> {
  const claim = new TestClaim(services, options);
  await claim.draft();
  await claim.addEvidence();
  await claim.accept('submitClaim', claim.partner, {});
  await claim.accept('approveClaim', reviewer, {});
  await claim.execute();
  const [notice] = (await claim.row()).state.notices;
  const acceptedAt = new Date(Date.now() - 900).toISOString();
  const results = notice!.recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt }));
  await claim.accept('recordNoticeDelivery', systemActor, { noticeId: notice!.noticeId, results });
  await claim.execute();
  return claim;
}

/** Creates a claim whose lines are all official because the customer stayed silent. */
export async function officialClaim(services: ClaimServices, options: ClaimOptions): Promise<TestClaim> {
  const claim = await claimInWindow(services, options);
  await waitFor('the claim to be official', async () => {
    const { facts } = await claim.command('submitClaim', claim.partner, {});
    await services.source.query('INSERT INTO directory_answers (claim_id, asked_at, facts) VALUES ($1, $2, $3)', [
      claim.claimId,
      facts!.askedAt,
      facts,
    ]);
    await claim.execute();
    return (await claim.phase()) === 'official';
  });
  return claim;
}

/** Returns the ids of a claim's associations, by target. */
export async function associationsOf(source: DataSource, claim: TestClaim): Promise<Record<string, string>> {
  const rows = await source.query<{ target: string; association_id: string }[]>(
    'SELECT target, association_id FROM associations WHERE claim_id = $1',
    [claim.claimId],
  );
  return Object.fromEntries(rows.map(({ target, association_id }) => [target, association_id]));
}

/** Advances the product's clock by days, without firing any workflow's timers. */
export async function passDays(source: DataSource, days: number): Promise<void> {
  await source.query(
    `INSERT INTO sandbox_clock (ahead) VALUES (make_interval(days => $1))
     ON CONFLICT (only_row) DO UPDATE SET ahead = sandbox_clock.ahead + excluded.ahead`,
    [days],
  );
}

/** Returns the first day of a month, counted from the month of an instant. */
export function monthFrom(instant: string | Date, months: number): string {
  const at = new Date(instant);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
}

/** Formats rows with the same columns as CSV. */
export function csvOf(rows: Record<string, string | number>[]): string {
  const columns = Object.keys(rows[0]!);
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))].map((cells) => cells.join(',')).join('\n');
}
