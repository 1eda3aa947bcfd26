import type { DataSource } from 'typeorm';
import type { ClaimState, DirectoryFacts, Letter } from '#libs/claims/index.js';
import type { ProgrammeLibrary } from '#libs/inbox/index.js';
import type { Language, LetterView } from '#libs/notices/index.js';
import type { Policy } from '#libs/programmes/index.js';
import { targetLabel } from './notice-letter.js';

/** A letter that waits to be sent. */
export interface WaitingLetter {
  letterId: string;
  /** Null once the address was erased. */
  email: string | null;
  /** The customer's recipient whose link the letter carries; null for partners and the vendor. */
  recipientId: string | null;
  view: Omit<LetterView, 'url'>;
}

interface Row extends Pick<Letter, 'kind' | 'personId' | 'about'> {
  letterId: string;
  email: string | null;
  number: string;
  state: ClaimState;
  facts: DirectoryFacts | null;
  now: Date;
}

const unsentSql = `
  SELECT l.letter_id AS "letterId", l.kind, l.person_id AS "personId", l.about, p.content ->> 'email' AS email, c.number, c.state,
    cpor_now() AS now,
    (SELECT facts FROM directory_answers d
      WHERE d.claim_id = l.claim_id AND jsonb_typeof(facts -> 'tenant') = 'object' ORDER BY d.asked_at DESC LIMIT 1) AS facts
  FROM letters l JOIN claims c USING (claim_id) LEFT JOIN personal_data p USING (person_id)
  WHERE l.claim_id = $1 AND l.outcome IS NULL ORDER BY l.event_version, l.letter_id`;

/**
 * Reads the letters of a claim that have no answer from a mail server yet, oldest first. The customer is written to in the language of its
 * notice; partners and the vendor in English, since nothing says which other language they read.
 */
export async function readUnsentLetters(source: DataSource, library: ProgrammeLibrary, claimId: string): Promise<WaitingLetter[]> {
  const rows = await source.query<Row[]>(unsentSql, [claimId]);
  return Promise.all(rows.map((row) => waiting(row, library)));
}

async function waiting(row: Row, library: ProgrammeLibrary): Promise<WaitingLetter> {
  const { letterId, kind, personId, about, state, facts } = row;
  const { lines, ...rest } = about;
  const policy = await library.policy(state.policy);
  const { zone } = await library.calendarInForce(policy.calendar, row.now.toISOString());
  const recipient = recipientOf(state, personId);
  const language: Language = recipient?.language ?? 'en';
  const targets = state.lines.filter(({ line }) => lines.includes(line)).map((line) => targetLabel(line, policy, language));
  return {
    letterId,
    email: personId === null ? policy.vendor.contactEmail : row.email,
    recipientId: recipient?.recipientId ?? null,
    view: {
      ...rest,
      ...(kind === 'rejection' && { reason: reasonLabel(policy, about.reason, language) }),
      kind,
      language,
      claimNumber: row.number,
      partner: { legalName: facts?.location?.legalName ?? '', partnerId: state.details.partnerId },
      tenant: { name: facts?.tenant?.name ?? '' },
      targets,
      zone,
      vendor: policy.vendor,
      reference: letterId,
    },
  };
}

const reasonLabel = ({ rejectionReasons }: Policy, reason: string | undefined, language: Language): string =>
  rejectionReasons.find(({ code }) => code === reason)?.label[language] ?? reason ?? '';

/** The latest notice to this person, whose link still answers. */
function recipientOf(state: ClaimState, personId: string | null): { recipientId: string; language: Language } | undefined {
  return state.notices
    .flatMap(({ recipients, language }) => recipients.map((recipient) => ({ ...recipient, language })))
    .findLast((recipient) => recipient.personId === personId);
}
