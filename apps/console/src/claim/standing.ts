import type { Claim, ClaimLine, Deadline, ExplainedDeadline, Waiting } from '../client/index.js';
import { type Formatters, formatMessage, type Language } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { standingTexts } from './standing-texts.js';

/** Where some of a claim's lines stand, in one sentence. */
export interface Standing {
  lines: number[];
  sentence: string;
  tone: 'neutral' | 'info' | 'warning' | 'danger' | 'success';
}

interface Told {
  language: Language;
  format: Pick<Formatters, 'instant' | 'day' | 'date'>;
  words: Pick<ProgrammeWords, 'rejectionReason'>;
  /** The claim's deadlines; undefined while they are read, when the sentences leave out how much time is left. */
  deadlines: ExplainedDeadline[] | undefined;
}

type Key = keyof (typeof standingTexts)['en'];

/** Says where a claim stands: one sentence for lines that stand alike, in the order of the lines. Never empty. */
export function standingsOf(claim: Claim, told: Told): Standing[] {
  const waits = claim.waiting.map((wait) => waitingStanding(claim, wait, told));
  const waitingLines = new Set(claim.waiting.filter(({ for: what }) => what !== 'directory').flatMap(({ lines }) => lines));
  const rest = claim.lines.filter(({ line }) => !waitingLines.has(line)).map((line) => settledStanding(claim, line, told));
  const all = merged([...waits, ...rest]);
  if (all.length > 0) return all;
  return [
    {
      lines: [],
      sentence: say(claim.phase, told, { isDiscarded: claim.submissions === 0, ...dates(claim.updatedAt, null, told) }),
      tone: 'neutral',
    },
  ];
}

const tones: Record<string, Standing['tone']> = {
  answer: 'warning',
  corrected_address: 'warning',
  hold: 'warning',
  dispute: 'danger',
  dispute_decision: 'warning',
  directory: 'warning',
  rejected: 'danger',
  rejected_final: 'danger',
  official: 'success',
  action_required: 'warning',
  draft: 'neutral',
  ended: 'neutral',
  canceled: 'neutral',
};

const clocks: Record<string, Deadline['clock']> = {
  review: 'review_start',
  decision: 'review_decision',
  answer: 'partner_answer',
  customer: 'customer_window',
  signature: 'signature_request',
  dispute: 'dispute_window',
  dispute_decision: 'dispute_decision',
};

/** The sentence for one thing that a claim waits for. What is newer than this build is told by who has to act. */
function waitingStanding(claim: Claim, wait: Waiting, told: Told): Standing {
  const isKnown = wait.for in clocks || ['notice_delivery', 'corrected_address', 'hold', 'directory'].includes(wait.for);
  const byMover = wait.mover === 'customer' ? 'customer_mover' : wait.mover;
  const deadline = endOf(claim.deadlines, wait);
  const explained = endOf(told.deadlines ?? [], wait);
  const isBreached = deadline?.isBreached === true;
  const line = claim.lines.find(({ line: number }) => wait.lines.includes(number));
  const sentence = say(isKnown ? wait.for : byMover, told, {
    time: wait.until === null ? 'none' : isBreached || explained?.isOver ? 'overdue' : 'due',
    until: wait.until === null ? '' : told.format.instant(wait.until, deadline?.zone),
    left: explained === undefined ? '' : leftOf(explained, told.language),
    reason: line === undefined ? '' : reasonOf(line, told),
  });
  return { lines: wait.lines, sentence, tone: isBreached ? 'danger' : (tones[wait.for] ?? 'info') };
}

/** The deadline that a wait ends with. A wait of no line is of the claim, such as that for a signature. */
function endOf<One extends Deadline>(deadlines: One[], wait: Waiting): One | undefined {
  const clock = clocks[wait.for];
  return deadlines.find(
    (one) =>
      (wait.lines.length === 0 || one.lines.some((line) => wait.lines.includes(line))) &&
      (clock === undefined ? one.dueAt === wait.until : one.clock === clock),
  );
}

function leftOf({ unit, daysLeft }: ExplainedDeadline, language: Language): string {
  if (daysLeft === null) return '';
  const texts = standingTexts[language];
  return formatMessage(unit === 'business_day' ? texts.left : texts.leftCalendar, language, { days: daysLeft });
}

function settledStanding(claim: Claim, line: ClaimLine, told: Told): Standing {
  const { association } = line;
  const since = line.phase === 'official' ? (association?.from ?? line.since) : line.since;
  const sentence = say(line.phase, told, {
    ...dates(since, line.phase === 'official' ? (association?.endsOn ?? null) : null, told),
    reason: reasonOf(line, told),
    isDiscarded: claim.submissions === 0,
  });
  return { lines: [line.line], sentence, tone: tones[line.phase] ?? 'info' };
}

const dates = (since: string, ends: string | null, { format }: Told) => ({
  since: format.day(since),
  ends: ends === null ? 'none' : format.date(ends),
});

/** Why a line was rejected or ended, in words. */
export function reasonOf(
  { association, rejection }: Pick<ClaimLine, 'association' | 'rejection'>,
  { language, words }: Pick<Told, 'language' | 'words'>,
): string {
  const code = association?.endReason ?? rejection?.reason;
  const texts = standingTexts[language];
  if (code === undefined) return texts.noReason;
  return code in texts ? texts[code as Key] : words.rejectionReason(code);
}

function say(key: string, { language }: Told, values: Record<string, string | number | boolean>): string {
  const texts = standingTexts[language];
  return key in texts
    ? formatMessage(texts[key as Key], language, {
        time: 'none',
        until: '',
        left: '',
        reason: '',
        since: '',
        ends: 'none',
        isDiscarded: false,
        ...values,
      })
    : formatMessage(texts.unknown, language, { phase: key });
}

/** Joins lines of which the same is said. */
function merged(standings: Standing[]): Standing[] {
  const bySentence = new Map<string, Standing>();
  for (const standing of standings) {
    const known = bySentence.get(standing.sentence);
    bySentence.set(standing.sentence, known === undefined ? standing : { ...known, lines: [...known.lines, ...standing.lines] });
  }
  return [...bySentence.values()];
}
