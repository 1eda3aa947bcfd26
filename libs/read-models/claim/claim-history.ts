import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { type ClockName, publicClockNames } from '#libs/claims/index.js';
import { type TimelineEntry, timelineEntry, type TimelineWording } from '#libs/timeline/index.js';
import { type RecordedEvent, toEvent } from '#libs/event-store/index.js';
import { erasedLabel } from '#libs/retention/index.js';

export const HistoryEntry = z
  .object({
    version: z.int().min(1).max(1_000_000),
    type: z.string().describe('Name of the event. More may be added.'),
    title: z.string().nullable().describe('What happened, in the requested language; null for an event without a text.'),
    detail: z.string().nullable().describe('Further details, in the same language.'),
    at: z.iso.datetime().describe('The instant from which it applies.'),
    recordedAt: z.iso.datetime().describe('When it was stored.'),
    by: z.object({ kind: z.enum(['partner', 'reviewer', 'customer', 'operator', 'system']), subject: z.string().nullable() }),
    comment: z
      .string()
      .nullable()
      .describe('What a person wrote; null when nothing was written, "(erased)" in the requested language once it has been erased.'),
    data: z.record(z.string(), z.unknown()).describe('Data of the event, as far as the caller may see it.'),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.output<typeof HistoryEntry>;

/** Who reads a history, and in which words. */
export interface Telling {
  audience: 'partner' | 'vendor' | 'customer';
  language: 'en' | 'ru';
  wording: TimelineWording;
}

interface Row {
  event: Parameters<typeof toEvent>[0];
  words: string | null;
}

/** Part of a history: the events after a version, oldest first, or those before it, newest first. */
export interface HistoryPage {
  order: 'oldest' | 'newest';
  /** The version at which the previous page ended; undefined for the first page. */
  after: number | undefined;
  limit: number;
}

/** Reads what happened to a claim. Does not check whether the reader may see the claim. */
export async function readHistory(
  database: Pick<EntityManager, 'query'>,
  claimId: string,
  telling: Telling,
  page: HistoryPage,
): Promise<HistoryEntry[]> {
  const isNewest = page.order === 'newest';
  const rows = await database.query<Row[]>(
    `SELECT to_jsonb(e) - 'hash' AS event,
       (SELECT CASE WHEN erased_at IS NULL THEN content ->> 'text' ELSE $5 END FROM personal_data p
         WHERE p.person_id = (e.data ->> 'textId')::uuid) AS words
     FROM claim_events e WHERE claim_id = $1 AND ($2::integer IS NULL OR version ${isNewest ? '<' : '>'} $2) AND ($3 OR e.data ->> 'visibility' IS DISTINCT FROM 'internal')
     ORDER BY version ${isNewest ? 'DESC' : 'ASC'} LIMIT $4`,
    [
      claimId,
      page.after ?? null,
      telling.audience === 'vendor',
      telling.audience === 'customer' ? null : page.limit,
      erasedLabel[telling.language],
    ],
  );
  const entries = rows.map(({ event, words }) => entry(toEvent(event), words, telling));
  // A customer sees few of a claim's events, so the page is cut only after the others are dropped.
  return telling.audience === 'customer' ? entries.filter(({ title }) => title !== null).slice(0, page.limit) : entries;
}

function entry(event: RecordedEvent, comment: string | null, { audience, language, wording }: Telling): HistoryEntry {
  const { version, type, at, recordedAt, by, data } = event;
  const text: TimelineEntry | null = timelineEntry(event, audience, language, wording);
  const isSubjectShown = audience === 'vendor' || by.kind === 'system' || (by.kind === 'partner' && audience === 'partner');
  return {
    version,
    type,
    title: text?.title ?? null,
    detail: text?.detail ?? null,
    at,
    recordedAt,
    by: { kind: by.kind, subject: isSubjectShown ? by.subject : null },
    comment: isDocument(event) || isWithheld(event, audience) ? null : comment,
    data: audience === 'customer' ? {} : shownData(audience === 'partner' ? ownPart(event) : data),
  };
}

/** The statement of work is no comment of whoever asked for a signature; it is read with the request. */
const isDocument = ({ type }: RecordedEvent): boolean => type === 'SignatureRequested';

/** Partners must not read what was written about their rivals; a customer reads only its own comments. */
const isWithheld = (event: RecordedEvent, audience: Telling['audience']): boolean =>
  (audience === 'partner' && isAboutRivals(event)) || (audience === 'customer' && event.by.kind !== 'customer');

/** Text that reviewers and customers write about several partners at once is shown to none of the partners. */
const isAboutRivals = (event: RecordedEvent): boolean =>
  ['ChoiceRequested', 'CustomerChose', 'RivalsDecided'].includes(event.type) ||
  (event.type === 'LinesRejected' && event.data.reason === 'lost_arbitration');

/** The data of an event that a partner may see: nothing that reveals who competes with it, or with what (domain.md 9, 10). */
function ownPart(event: RecordedEvent): object {
  switch (event.type) {
    case 'ClaimSubmitted':
    case 'ClaimEdited':
    case 'DisputeOpened': {
      const { competing: _, ...own } = event.data;
      return own;
    }
    // The settled claims may belong to locations that the reader may not see.
    case 'CustomerDeclined':
    case 'AssociationEnded':
    case 'PartnerBlocked': {
      const { settles: _, ...own } = event.data;
      return own;
    }
    case 'LinesMadeOfficial':
      return { ...event.data, lines: event.data.lines.map(({ displaces: _, ...own }) => own) };
    case 'HolderWarned': {
      const { challenger: _, ...own } = event.data;
      return own;
    }
    case 'ChoiceRequested': {
      const { choiceId, line, language } = event.data;
      return { choiceId, line, language };
    }
    case 'CustomerChose':
      return { choiceId: event.data.choiceId };
    case 'RivalsDecided': {
      const { line, isWinner, record } = event.data;
      return { line, isWinner, recordId: record.recordId, step: record.step };
    }
    default:
      return event.data;
  }
}

/** Internal references, which mean nothing to a reader. */
const references = new Set(['personId', 'fromPersonId', 'signerId', 'textId', 'codeId', 'emailDomain', 'missingFields']);

/** The data as it is shown: without internal references, and with the public names of clocks. */
function shownData(data: object): Record<string, unknown> {
  const shown = (key: string, value: unknown) => {
    if (references.has(key)) return undefined;
    return key === 'clock' ? publicClockNames[value as ClockName] : value;
  };
  return JSON.parse(JSON.stringify(data, shown)) as Record<string, unknown>;
}
