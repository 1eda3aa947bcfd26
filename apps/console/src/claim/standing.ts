import type { Claim, ClaimLine, Deadline, Waiting } from '../client/index.js';
import { type Formatters, formatMessage, type Language } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { daysLeftOf } from './days-left.js';
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
  /** The product's present instant, ISO 8601. */
  now: string;
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
  review: 'K1',
  decision: 'K2',
  answer: 'K4',
  customer: 'K5',
  dispute: 'K7',
  dispute_decision: 'K8',
};

/** The sentence for one thing that a claim waits for. What is newer than this build is told by who has to act. */
function waitingStanding(claim: Claim, wait: Waiting, told: Told): Standing {
  const isKnown = wait.for in clocks || ['notice_delivery', 'corrected_address', 'hold', 'directory'].includes(wait.for);
  const byMover = wait.mover === 'customer' ? 'customer_mover' : wait.mover;
  const deadline = deadlineOf(claim, wait);
  const line = claim.lines.find(({ line: number }) => wait.lines.includes(number));
  const sentence = say(isKnown ? wait.for : byMover, told, {
    ...timeOf(wait, deadline, told),
    reason: line === undefined ? '' : reasonOf(line, told),
  });
  return { lines: wait.lines, sentence, tone: deadline?.isBreached ? 'danger' : (tones[wait.for] ?? 'info') };
}

/** The deadline that a wait ends with. */
export function deadlineOf(claim: Pick<Claim, 'deadlines'>, wait: Waiting): Deadline | undefined {
  const clock = clocks[wait.for];
  return claim.deadlines.find(
    (one) => one.lines.some((line) => wait.lines.includes(line)) && (clock === undefined ? one.dueAt === wait.until : one.clock === clock),
  );
}

function timeOf(wait: Waiting, deadline: Deadline | undefined, { language, format, now }: Told) {
  if (wait.until === null) return { time: 'none', until: '', left: '' };
  const until = format.instant(wait.until, deadline?.zone);
  if (deadline?.isBreached === true || Date.parse(wait.until) < Date.parse(now)) return { time: 'overdue', until, left: '' };
  const days = deadline === undefined ? null : daysLeftOf(deadline, now);
  return { time: 'due', until, left: days === null ? '' : formatMessage(standingTexts[language].left, language, { days }) };
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
