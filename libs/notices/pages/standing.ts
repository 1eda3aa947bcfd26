import { noticeLead, noticeTitle } from '../notice.mail.js';
import type { LineState, NoticeView } from '../notice-view.js';
import { pageTexts } from '../texts/index.js';

/**
 * Where a claim stands for the customer: `open` for an answer; `closing`, its period over and its lines not settled yet; `official`; or settled,
 * in one of the ways that its lines share.
 */
export type Standing = 'open' | 'closing' | 'official' | 'ended' | 'withdrawn' | 'refused' | 'settled';

const shared: Partial<Record<LineState, Standing>> = { ended: 'ended', canceled: 'withdrawn', declined: 'refused' };

export function standingOf({ lines, periods }: NoticeView): Standing {
  const open = lines.filter(({ state }) => state === 'open');
  if (open.length > 0) return periods.every(({ isOver }) => isOver) ? 'closing' : 'open';
  if (lines.some(({ state }) => state === 'official')) return 'official';
  const [state, ...others] = new Set(lines.map((line) => line.state));
  return (others.length === 0 && state !== undefined && shared[state]) || 'settled';
}

/** Says where the claim stands, in a title and a sentence about what the customer can do now. */
export function standingWords(view: NoticeView): { title: string; text: string } {
  const { standing } = pageTexts[view.language];
  const { legalName } = view.partner;
  switch (standingOf(view)) {
    case 'open':
      return { title: noticeTitle(view), text: noticeLead(view) };
    case 'closing':
      return { title: standing.closing.title, text: closingText(view) };
    case 'official':
      return { title: noticeTitle(view), text: standing.official() };
    case 'ended':
      return { title: standing.ended.title(legalName), text: standing.ended.text };
    case 'withdrawn':
      return { title: standing.withdrawn.title(legalName), text: standing.withdrawn.text };
    case 'refused':
      return { title: standing.refused.title, text: standing.refused.text(view.vendor.contactEmail) };
    case 'settled':
      return { title: noticeTitle(view), text: standing.settled.text };
  }
}

function closingText({ language, partner, periods }: NoticeView): string {
  const consent = periods.some((period) => period.consent === 'opt_in') ? 'opt_in' : 'opt_out';
  return pageTexts[language].standing.closing.text[consent](partner.legalName);
}
