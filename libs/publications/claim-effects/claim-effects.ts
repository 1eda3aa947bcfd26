import type { DataSource } from 'typeorm';
import type { Phase } from '#libs/claims/index.js';
import { readClock } from '#libs/event-store/index.js';
import type { Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { type ClaimGroup, type ClockEffect, clockEffects } from './clock-effects.js';
import { draftRefusals, type DraftRefusals } from './draft-refusals.js';

/** What claims would notice of a version of their programme, compared with the version in force. */
export interface ClaimEffects extends DraftRefusals {
  /** Undecided or disputed claims that were submitted under an earlier version and keep to it. */
  kept: number;
  drafts: number;
  clocks: ClockEffect[];
  /** Whether there are more claims than were read: each number is then the least it can be. */
  isCapped: boolean;
}

/** Newest claims, of all programmes, that are read at most. */
export interface ClaimEffectLimits {
  /** Of each phase, to be counted. */
  ofPhase: number;
  /** Drafts to be checked, which takes longer. */
  drafts: number;
}

export const claimEffectLimits: ClaimEffectLimits = { ofPhase: 5_000, drafts: 1_000 };

const keptPhases: Phase[] = ['submitted', 'under_review', 'action_required', 'consent_pending', 'disputed'];
/** Phases that only clocks are counted for. */
const restingPhases: Phase[] = ['rejected', 'official'];

/** Says what the claims of a programme would notice of another version. Null while it has no version in force, and so no claims. Writes nothing. */
export async function claimEffects(
  source: DataSource,
  library: ProgrammeLibrary,
  next: Policy,
  limits: ClaimEffectLimits = claimEffectLimits,
): Promise<ClaimEffects | null> {
  const now = await readClock(source);
  const current = await library.policyInForce(next.name, now);
  if (current === null) return null;
  const isClockChanged = clockEffects([], current, next).length > 0;
  const phases: Phase[] = ['draft', ...keptPhases, ...(isClockChanged ? restingPhases : [])];
  const { groups, isCapped } = await countGroups(source, next.name, phases, limits.ofPhase);
  const sum = (phases: Phase[]) => groups.filter(({ phase }) => phases.includes(phase)).reduce((total, { claims }) => total + claims, 0);
  return {
    kept: sum(keptPhases),
    drafts: sum(['draft']),
    ...(await draftRefusals(source, library, { current, next, now, most: limits.drafts })),
    clocks: clockEffects(groups, current, next),
    isCapped,
  };
}

/** Reads a limited number of each phase: claims do not record their programme in a column that could be counted by an index. */
async function countGroups(
  source: DataSource,
  name: string,
  phases: Phase[],
  most: number,
): Promise<{ groups: ClaimGroup[]; isCapped: boolean }> {
  const rows = await source.query<(ClaimGroup & { isOther: boolean })[]>(
    `SELECT phase, details ->> 'programme' <> $1 AS "isOther", running, coalesce("isWindowPassed", false) AS "isWindowPassed", count(*)::int AS claims
     FROM unnest($2::text[]) wanted (phase),
       LATERAL (SELECT state FROM claims WHERE phase = wanted.phase ORDER BY created_at DESC, claim_id DESC LIMIT $3) claim,
       -- Unpacks the state once, which takes most of the time.
       LATERAL jsonb_to_record(state) AS unpacked (details jsonb, clocks jsonb, paused jsonb, lines jsonb),
       LATERAL (SELECT coalesce(array_agg(DISTINCT clock ->> 'clock'), '{}') AS running FROM jsonb_array_elements(clocks || paused) clock) clocked,
       LATERAL (SELECT bool_and((line ->> 'isWindowPassed')::boolean) AS "isWindowPassed" FROM jsonb_array_elements(lines) line) passed
     GROUP BY 1, 2, 3, 4`,
    [name, phases, most + 1],
  );
  const isFull = (phase: Phase) => rows.filter((row) => row.phase === phase).reduce((read, { claims }) => read + claims, 0) > most;
  return { groups: rows.filter(({ isOther }) => !isOther), isCapped: phases.some(isFull) };
}
