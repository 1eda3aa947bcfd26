import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { localDate } from '#libs/calendar/index.js';
import { type CheckContext, type ClaimState, type Finding, noRelatedClaims, validate } from '#libs/claims/index.js';
import { readClock } from '#libs/event-store/index.js';
import { type Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { type ClaimGroup, clockEffects } from './claim-effects.js';

const count = z.int().min(0).max(1_000_000_000);

export const ClaimEffects = z
  .object({
    kept: count.describe(
      'Claims submitted under an earlier version, and not yet decided or disputed: they keep its rules, texts and reasons.',
    ),
    drafts: count.describe('Drafts: those not submitted before this version takes effect must follow it.'),
    draftsChecked: count.describe('How many of the drafts were checked: at most 5,000.'),
    draftsRefused: count.describe('Checked drafts with errors that they do not have under the version in force.'),
    refusals: z
      .array(z.object({ code: z.string(), drafts: count, message: z.string().describe('Of the first such draft.') }))
      .describe('Those errors by code. What only the directory can tell is not checked.'),
    clocks: z
      .array(
        z.object({
          field: z.string().meta({ example: 'clocks.answerBusinessDays' }),
          from: z.unknown(),
          to: z.unknown(),
          ahead: count.describe('Claims in which the clock may still start: it then has the new length.'),
          running: count.describe('Claims in which it runs: their deadline stays.'),
        }),
      )
      .describe('Clocks of another length. A clock takes the length that is in force when it starts, whatever version the claim has.'),
  })
  .meta({ id: 'ClaimEffects', description: 'What claims would notice of a version, compared with the version in force.' });
export type ClaimEffects = z.output<typeof ClaimEffects>;

const mostDrafts = 5_000;
const pageSize = 500;
const ofProgramme = `state -> 'details' ->> 'programme' = $1`;

/** Says what the claims of a programme would notice of another version. Writes nothing. */
@Injectable()
export class ClaimEffectsReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  /** Null while the programme has no version in force, and so no claims. */
  async read(next: Policy): Promise<ClaimEffects | null> {
    const now = await readClock(this.source);
    const current = await this.library.policyInForce(next.name, now);
    if (current === null) return null;
    const groups = await this.groups(next.name);
    const sum = (isCounted: (group: ClaimGroup) => boolean) => groups.filter(isCounted).reduce((total, { claims }) => total + claims, 0);
    return {
      kept: sum(({ phase }) => ['submitted', 'under_review', 'action_required', 'consent_pending', 'disputed'].includes(phase)),
      drafts: sum(({ phase }) => phase === 'draft'),
      ...(await this.refusals(current, next, now)),
      clocks: clockEffects(groups, current.clocks, next.clocks),
    };
  }

  private async groups(name: string): Promise<ClaimGroup[]> {
    const rows = await this.source.query<(Omit<ClaimGroup, 'claims'> & { claims: string })[]>(
      `SELECT phase, running, count(*) AS claims
       FROM claims, LATERAL (
         SELECT coalesce(array_agg(DISTINCT clock ->> 'clock'), '{}') AS running FROM jsonb_array_elements(state -> 'clocks') clock) clocks
       WHERE phase NOT IN ('ended', 'rejected_final', 'canceled') AND ${ofProgramme}
       GROUP BY phase, running`,
      [name],
    );
    return rows.map((row) => ({ ...row, claims: Number(row.claims) }));
  }

  /** Checks each draft under both versions, and counts what only the next one refuses. */
  private async refusals(current: Policy, next: Policy, now: string) {
    const found = new Map<string, { drafts: number; message: string }>();
    const check = await this.checker(now, current);
    let draftsChecked = 0;
    let draftsRefused = 0;
    for await (const { claimId, state } of this.drafts(next.name)) {
      draftsChecked++;
      const known = new Set(check(claimId, state, current).map(({ code, field }) => `${code} ${field}`));
      const news = check(claimId, state, next).filter(({ code, field }) => !known.has(`${code} ${field}`));
      if (news.length > 0) draftsRefused++;
      for (const code of new Set(news.map((finding) => finding.code))) {
        const { drafts, message } = found.get(code) ?? { drafts: 0, message: news.find((finding) => finding.code === code)!.message };
        found.set(code, { drafts: drafts + 1, message });
      }
    }
    return { draftsChecked, draftsRefused, refusals: [...found].map(([code, refusal]) => ({ code, ...refusal })) };
  }

  private async checker(now: string, current: Policy): Promise<(claimId: string, state: ClaimState, policy: Policy) => Finding[]> {
    // Both versions are checked with one calendar, so that the day does not differ.
    const calendar = await this.library.calendarInForce(current.calendar, now);
    return (claimId, state, policy) => {
      const context: CheckContext = {
        ...noRelatedClaims,
        claimId,
        now,
        policy,
        facts: null,
        localDate: (instant) => localDate(calendar, instant),
      };
      return validate('submit', state, context).filter(({ severity }) => severity === 'error');
    };
  }

  private async *drafts(name: string): AsyncGenerator<{ claimId: string; state: ClaimState }> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (let read = 0; read < mostDrafts; ) {
      const page = await this.source.query<{ claimId: string; state: ClaimState }[]>(
        `SELECT claim_id AS "claimId", state FROM claims
         WHERE phase = 'draft' AND ${ofProgramme} AND claim_id > $2 ORDER BY claim_id LIMIT $3`,
        [name, after, pageSize],
      );
      yield* page;
      read += page.length;
      if (page.length < pageSize) return;
      after = page.at(-1)!.claimId;
    }
  }
}
