import type { ClaimEvent, EventType } from '#libs/claims/index.js';
import { english } from './texts.en.js';
import { russian } from './texts.ru.js';
import { customerEvents, type Text, type TimelineTexts } from './texts.js';

export type Language = 'en' | 'ru';
export type Audience = 'partner' | 'reviewer' | 'customer' | 'vendor';

/** One entry of a claim's history in plain words. It never holds personal data, and does not name the reviewer. */
export interface TimelineEntry {
  title: string;
  detail: string | null;
}

/** How the caller words what events only refer to: instants in the calendar's zone, reasons and findings by their labels. */
export interface TimelineWording {
  instant(instant: string): string;
  label(code: string): string;
}

const texts: Record<Language, TimelineTexts> = { en: english, ru: russian };

/** Added wherever a deadline was counted without knowing every public holiday (R31). */
const beyondCoverage: Record<Language, string> = {
  en: 'The public holidays of that period were not known when this date was set; it does not change.',
  ru: 'Когда этот срок устанавливали, праздничные дни на то время ещё не были известны; срок не изменится.',
};

const unchanged: TimelineWording = { instant: (instant) => instant, label: (code) => code };

/**
 * Words an event for an audience. Returns null when the event is not for that audience, or when this version does not know it. A customer
 * must see only what happened from its first notice on; the caller leaves out the rest.
 */
export function timelineEntry(
  event: ClaimEvent,
  audience: Audience,
  language: Language,
  wording: TimelineWording = unchanged,
): TimelineEntry | null {
  if (!isShownTo(event, audience)) return null;
  const { team, customer } = texts[language];
  const table: Partial<Record<EventType, Text<never>>> = audience === 'customer' ? customer : team;
  const text = table[event.type];
  if (text === undefined) return null;
  const [title, ...details] = text(event.data as never, { ...wording, isForVendor: audience === 'reviewer' || audience === 'vendor' });
  if (isBeyondCoverage(event)) details.push(beyondCoverage[language]);
  return { title, detail: details.filter((detail) => detail !== null).join(' ') || null };
}

/** Returns whether an audience may see an event: partners no internal comments, customers only what concerns them. */
export function isShownTo(event: ClaimEvent, audience: Audience): boolean {
  if (audience === 'partner') return event.type !== 'CommentAdded' || event.data.visibility === 'shared';
  if (audience !== 'customer') return true;
  if (event.type === 'LinesRejected') return event.data.reason === 'customer_refused_target';
  if (event.type === 'DeadlineExtended') return event.data.clock === 'K5';
  return customerEvents.some((type) => type === event.type);
}

/** Returns whether the event sets a deadline beyond the dates whose public holidays the calendar knew. */
function isBeyondCoverage({ data }: ClaimEvent): boolean {
  const starts = 'clocks' in data && data.clocks !== undefined ? data.clocks.map(({ deadline }) => deadline) : [];
  return [...starts, ...('deadline' in data ? [data.deadline] : [])].some((deadline) => deadline.isBeyondCoverage);
}
