import type { ClockName, ClockStart, EventOf, EventType } from '#libs/claims/index.js';

/** What a text may use besides the event's data. */
export interface Words {
  instant(instant: string): string;
  label(code: string): string;
  /** Reviewers and vendor staff read what partners do not: findings and cleared holds. */
  isForVendor: boolean;
}

export type Text<Type extends EventType> = (data: EventOf<Type>['data'], words: Words) => [title: string, ...details: (string | null)[]];

/** The events that a customer sees; the others are between partner and vendor. */
export const customerEvents = [
  'LinesRejected',
  'NoticeRequested',
  'NoticeAccepted',
  'CustomerDeclined',
  'LinesMadeOfficial',
  'AssociationEnded',
  'AssociationTransferred',
  'LineCarriedOver',
  'ChoiceRequested',
  'CustomerChose',
  'CustomerAccepted',
  'PartnerBlocked',
  'PartnerUnblocked',
  'DeadlineExtended',
  'ClaimWithdrawn',
  'StatementSigned',
] as const satisfies EventType[];
type CustomerEvent = (typeof customerEvents)[number];

/** The timeline in one language. A language that leaves out an event does not compile. */
export interface TimelineTexts {
  /** For the partner, reviewers and the vendor. */
  team: { [Type in EventType]: Text<Type> };
  customer: { [Type in CustomerEvent]: Text<Type> };
}

/** Words the deadline of a clock that the event started; null when it did not start that clock. */
export function dueBy(clocks: ClockStart[], name: ClockName, words: Words, sentence: (instant: string) => string): string | null {
  const started = clocks.find(({ clock }) => clock === name);
  return started === undefined ? null : sentence(words.instant(started.deadline.dueAt));
}

export const list = (codes: string[], words: Words): string => codes.map((code) => words.label(code)).join('; ');

/** Words codes that only the vendor may read; null for a partner, or when there are none. */
export const forVendor = (codes: string[], words: Words, sentence: (labels: string) => string): string | null =>
  words.isForVendor && codes.length > 0 ? sentence(list([...new Set(codes)], words)) : null;

export const codes = (findings: { code: string }[]): string[] => findings.map(({ code }) => code);

export const holds = (findings: { code: string; severity: string }[]): string[] =>
  codes(findings.filter(({ severity }) => severity === 'hold'));
