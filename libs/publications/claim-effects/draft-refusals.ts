import type { DataSource } from 'typeorm';
import { localDate } from '#libs/calendar/index.js';
import { type CheckContext, type ClaimState, type Finding, noRelatedClaims, validate } from '#libs/claims/index.js';
import type { Policy, ProgrammeLibrary } from '#libs/programmes/index.js';

/** An error that drafts would have and do not have today. */
export interface DraftRefusal {
  code: string;
  drafts: number;
  /** Of the first such draft. */
  message: string;
  /** Numbers of such drafts, newest first: at most five. */
  examples: string[];
}

export interface DraftRefusals {
  draftsChecked: number;
  draftsRefused: number;
  refusals: DraftRefusal[];
}

interface Draft {
  claimId: string;
  number: string;
  state: ClaimState;
  createdAt: string;
}

const pageSize = 500;
const mostExamples = 5;

/**
 * Checks the newest drafts under both versions and returns the errors that only the next one finds, most frequent first. What only the
 * directory or other claims can tell is the same under both and is not checked.
 * @param most reads this many drafts, of all programmes
 */
export async function draftRefusals(
  source: DataSource,
  library: ProgrammeLibrary,
  { current, next, now, most }: { current: Policy; next: Policy; now: string; most: number },
): Promise<DraftRefusals> {
  const found = new Map<string, DraftRefusal>();
  // Both versions are checked with one calendar, so that the day does not differ.
  const calendar = await library.calendarInForce(current.calendar, now);
  const check = ({ claimId, state }: Draft, policy: Policy): Finding[] => {
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
  let draftsChecked = 0;
  let draftsRefused = 0;
  for await (const draft of newestDrafts(source, most)) {
    if (draft.state.details.programme !== next.name) continue;
    draftsChecked++;
    const known = new Set(check(draft, current).map(keyOf));
    const news = check(draft, next).filter((finding) => !known.has(keyOf(finding)));
    if (news.length > 0) draftsRefused++;
    for (const { code, message } of new Map(news.map((finding) => [finding.code, finding])).values()) {
      const refusal = found.get(code) ?? { code, drafts: 0, message, examples: [] };
      found.set(code, refusal);
      refusal.drafts++;
      if (refusal.examples.length < mostExamples) refusal.examples.push(draft.number);
    }
  }
  return { draftsChecked, draftsRefused, refusals: [...found.values()].toSorted((a, b) => b.drafts - a.drafts) };
}

const keyOf = ({ code, field }: Finding): string => `${code} ${field}`;

/** Reads in pages, so that a large number neither fills the memory nor holds up other requests. */
async function* newestDrafts(source: DataSource, most: number): AsyncGenerator<Draft> {
  let last: Draft | undefined;
  for (let read = 0; read < most; ) {
    const page = await source.query<Draft[]>(
      `SELECT claim_id AS "claimId", number, state, created_at::text AS "createdAt" FROM claims
       WHERE phase = 'draft' AND ($1::timestamptz IS NULL OR (created_at, claim_id) < ($1, $2::uuid))
       ORDER BY created_at DESC, claim_id DESC LIMIT $3`,
      [last?.createdAt ?? null, last?.claimId ?? null, Math.min(pageSize, most - read)],
    );
    yield* page;
    read += page.length;
    last = page.at(-1);
    if (page.length < pageSize) return;
  }
}
