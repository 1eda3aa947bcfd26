import type { Rivalry } from '../../client/index.js';

type Step = Rivalry['order']['step'];

/** What one step of the order of decision says about some candidates. */
export interface StepResult {
  step: Step;
  /** The claim it names; null if it tells nobody from the others. */
  winner: string | null;
  /** False for a step that comes after the one that decides. */
  isReached: boolean;
}

const newestOf = (dates: string[]): string | null => dates.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;

/** ISO date of the newest evidence that counts; null if none does. */
export function evidenceDate({ evidenceOn, evidence }: Rivalry['candidates'][number], disregarded: string[]): string | null {
  if (!evidence.some(({ evidenceId }) => disregarded.includes(evidenceId))) return evidenceOn;
  const dates = evidence.flatMap(({ evidenceId, signedOn }) => (signedOn === null || disregarded.includes(evidenceId) ? [] : [signedOn]));
  // What counts was never newer than what the API found: a date in the future does not count.
  return newestOf(dates.filter((date) => evidenceOn === null || Date.parse(date) <= Date.parse(evidenceOn)));
}

/**
 * The order of decision (domain.md 10, rule 4) step by step: the customer's choice, the newest signed evidence, the holder, the earliest submission. A
 * tie passes to the next step, with only those who tie. The API decides by the same order, and refuses any other result.
 */
export function orderOf(rivalry: Rivalry, disregarded: string[]): StepResult[] {
  const { candidates, choice } = rivalry;
  const chosen = candidates.find(({ claimId }) => claimId === choice?.claimId)?.claimId ?? null;
  const dated = candidates.map((candidate) => ({ candidate, on: evidenceDate(candidate, disregarded) }));
  const newest = newestOf(dated.flatMap(({ on }) => (on === null ? [] : [on])));
  const tied = dated.filter(({ on }) => on === newest).map(({ candidate }) => candidate);
  const holder = tied.find(({ isHolder }) => isHolder)?.claimId ?? null;
  const earliest = tied.toSorted(
    (a, b) => Date.parse(a.submittedAt) - Date.parse(b.submittedAt) || a.claimId.localeCompare(b.claimId, 'en'),
  )[0];
  const said: [Step, string | null][] = [
    ['customer_choice', chosen],
    ['newest_evidence', newest !== null && tied.length === 1 ? tied[0]!.claimId : null],
    ['holder', holder],
    ['earliest_submission', earliest?.claimId ?? null],
  ];
  const deciding = said.findIndex(([, winner]) => winner !== null);
  return said.map(([step, winner], index) => ({ step, winner, isReached: index <= deciding }));
}

/** The step that decides, with its winner. */
export const decidingStep = (steps: StepResult[]): { step: Step; winner: string } => {
  const { step, winner } = steps.findLast(({ isReached }) => isReached)!;
  return { step, winner: winner! };
};
