import type { ClaimEvent } from '#libs/claims/index.js';
import { type Language, tellings, type Words } from './timeline-texts.js';

export type Audience = 'partner' | 'reviewer' | 'customer' | 'vendor';

/** One entry of a claim's history in plain words; it never holds personal data or says which reviewer acted. */
export interface TimelineEntry {
  title: string;
  detail: string | null;
}

/** How the caller shows what the texts only refer to: instants in the calendar's zone, reasons and findings by their labels. */
export interface TimelineWording {
  instant(instant: string): string;
  label(code: string): string;
}

/** Said wherever a deadline is told to people that was counted without knowing all holidays. */
const beyondCoverage: Record<Language, string> = {
  en: 'The public holidays of that time were not known when this date was set; it stays as it is.',
  ru: 'Когда этот срок устанавливали, праздничные дни на то время ещё не были известны; срок не изменится.',
};

/** Whether a deadline that the event sets lies beyond the dates whose holidays the calendar knew. */
function isBeyondCoverage({ data }: ClaimEvent): boolean {
  const starts = 'clocks' in data && data.clocks !== undefined ? data.clocks.map(({ deadline }) => deadline) : [];
  return [...starts, ...('deadline' in data ? [data.deadline] : [])].some((deadline) => deadline.isBeyondCoverage);
}

const asTheyAre: TimelineWording = { instant: (instant) => instant, label: (code) => code };

/**
 * Tells an event to an audience, or null when it is not for that audience or not known to this version.
 * For a customer, tell only what happened from its first notice on.
 */
export function timelineEntry(
  event: ClaimEvent,
  audience: Audience,
  language: Language,
  wording: TimelineWording = asTheyAre,
): TimelineEntry | null {
  const telling: (typeof tellings)[ClaimEvent['type']] | undefined = tellings[event.type];
  if (telling === undefined) return null;
  const isHidden =
    (audience === 'partner' && telling.isForPartner?.(event.data as never) === false) ||
    (audience === 'customer' && telling.isForCustomer?.(event.data as never) === false);
  const texts = audience === 'customer' ? telling.customer : telling.team;
  if (isHidden || texts === null) return null;
  const words: Words = { ...wording, isForVendor: audience === 'reviewer' || audience === 'vendor' };
  const [title, ...details] = texts[language](event.data as never, words);
  if (isBeyondCoverage(event)) details.push(beyondCoverage[language]);
  return { title, detail: details.filter((detail) => detail !== null).join(' ') || null };
}
