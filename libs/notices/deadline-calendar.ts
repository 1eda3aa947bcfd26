import { formatInstant } from './instant.js';
import { silence } from './notice.mail.js';
import { type AnswerPeriod, type NoticeView, plain } from './notice-view.js';
import { pageTexts, texts } from './texts/index.js';

/** The media type of `deadlineCalendar`. */
export const calendarType = 'text/calendar; charset=utf-8';

/**
 * Returns the running periods of a notice as a calendar file (RFC 5545), one entry for each, with a reminder in the morning of the last business
 * day before; null when no period runs. The file holds no link that answers, since calendars are shared (ADR 30). `now` is an RFC 3339 instant.
 */
export function deadlineCalendar(unsafeView: NoticeView, now: string): string | null {
  const view = plain(unsafeView);
  const running = view.periods.filter((period) => period.closesAt !== null && !period.isOver && openLines(view, period).length > 0);
  if (running.length === 0) return null;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//cpor//Notice deadlines//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...running.flatMap((period) => entry(view, period, now)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

const openLines = ({ lines }: NoticeView, period: AnswerPeriod) =>
  lines.filter(({ line, state }) => state === 'open' && period.lines.includes(line));

function entry(view: NoticeView, period: AnswerPeriod, now: string): string[] {
  const { calendar } = pageTexts[view.language];
  const closesAt = period.closesAt!;
  const summary = calendar.summary[period.consent](view.partner.legalName);
  return [
    'BEGIN:VEVENT',
    `UID:${uid(view, period)}`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(closesAt)}`,
    `SUMMARY:${escaped(summary)}`,
    `DESCRIPTION:${escaped(description(view, period))}`,
    'TRANSP:TRANSPARENT',
    ...(period.remindAt
      ? [
          'BEGIN:VALARM',
          'ACTION:DISPLAY',
          `DESCRIPTION:${escaped(calendar.reminder(summary))}`,
          `TRIGGER:${before(closesAt, period.remindAt)}`,
          'END:VALARM',
        ]
      : []),
    'END:VEVENT',
  ];
}

/** The same for the same lines of a claim, so that a later file moves the entry instead of adding another. */
const uid = ({ claimNumber, url }: NoticeView, { lines }: AnswerPeriod): string =>
  `${claimNumber}-${lines.join('-')}-deadline@${new URL(url).hostname}`;

function description(view: NoticeView, period: AnswerPeriod): string {
  const { language, zone, claimNumber, vendor, explanationPage } = view;
  const { calendar } = pageTexts[language];
  const { period: words, claim, help } = texts[language];
  return [
    `${claim.number}: ${claimNumber}`,
    ...openLines(view, period).map(({ target }) => `- ${target}`),
    `${words.openUntil[period.consent]}: ${formatInstant(period.closesAt!, zone, language)}`,
    silence(view, period),
    calendar.how,
    `${help.explanation}: ${explanationPage}`,
    `${help.contact(vendor.name)}: ${vendor.contactEmail}`,
  ].join('\n');
}

/** `20260109T205959Z`. Cuts off milliseconds, so that the entry is never later than the deadline. */
const utc = (instant: string): string => `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** The time from the reminder to the entry, as a negative duration: calendars handle it better than an absolute time. */
function before(closesAt: string, remindAt: string): string {
  const seconds = Math.floor(Date.parse(closesAt) / 1000) - Math.floor(Date.parse(remindAt) / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return `-P${days}DT${hours}H${minutes}M${seconds % 60}S`;
}

const escaped = (text: string): string => text.replaceAll(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');

/** A line has at most 75 octets; what follows continues on the next one after a space. */
function folded(line: string): string {
  const pieces = [''];
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > 75) {
      pieces.push(' ');
      octets = 1;
    }
    pieces.push(`${pieces.pop()}${character}`);
    octets += size;
  }
  return pieces.join('\r\n');
}
