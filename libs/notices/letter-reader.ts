import type { EntityManager } from 'typeorm';
import { type ClaimState, type DirectoryFacts, lacksConsent, type LineState, noticesTo } from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';
import type { Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { latestFactsSql, targetLabel } from './claim-words.js';
import type { LetterView } from './letter-view.js';
import type { Letter } from './letters.js';
import type { Language } from './notice-view.js';
import type { SignatureAddressee } from './signature-link.js';

/** A letter that is still to be sent. */
export interface WaitingLetter {
  letterId: string;
  /** Null once the address was erased. */
  email: string | null;
  /** The customer's recipient whose link the letter carries; null for partners and the vendor. */
  recipientId: string | null;
  /** The signatory whose link the letter carries, and the code; null for everybody else. */
  signatory: (SignatureAddressee & { codeId: string | null }) | null;
  view: Omit<LetterView, 'url' | 'code'>;
}

interface Row extends Letter {
  letterId: string;
  email: string | null;
  number: string;
  state: ClaimState;
  facts: DirectoryFacts | null;
  now: Date;
}

const waitingSql = prepared(`
  SELECT l.letter_id AS "letterId", l.kind, l.person_id AS "personId", l.about, p.content ->> 'email' AS email, c.number, c.state,
    cpor_now() AS now, ${latestFactsSql('l.claim_id')} AS facts
  FROM letters l JOIN claims c USING (claim_id) LEFT JOIN personal_data p USING (person_id)
  WHERE l.claim_id = $1 AND l.outcome IS NULL AND l.trouble IS DISTINCT FROM 'held' ORDER BY l.event_version, l.letter_id`);

/**
 * Reads the letters of a claim that no mail server has answered yet and that nobody holds, oldest first. A customer's letter is in the language of its notice, a
 * letter to the partner or the vendor in the programme's.
 */
export async function readWaitingLetters(
  source: Pick<EntityManager, 'query'>,
  library: ProgrammeLibrary,
  claimId: string,
): Promise<WaitingLetter[]> {
  const rows = await source.query<Row[]>(waitingSql, [claimId]);
  return Promise.all(rows.map((row) => waitingLetter(row, library)));
}

async function waitingLetter(row: Row, library: ProgrammeLibrary): Promise<WaitingLetter> {
  const { letterId, kind, personId, about, state, facts } = row;
  const { lines, signatureId, codeId, ...rest } = about;
  const policy = await library.policy(state.policy);
  const { zone } = await library.calendarInForce(policy.calendar, row.now.toISOString());
  const request = state.signatures?.find((signature) => signature.signatureId === signatureId && signature.personId === personId);
  const recipient = request === undefined ? recipientOf(state, personId) : undefined;
  const language = request?.language ?? recipient?.language ?? policy.language;
  const covered = state.lines.filter(({ line }) => lines.includes(line));
  return {
    letterId,
    email: personId === null ? policy.vendor.contactEmail : row.email,
    recipientId: recipient?.recipientId ?? null,
    signatory: request ? { signatureId: request.signatureId, personId: request.personId, codeId: codeId ?? null } : null,
    view: {
      ...rest,
      ...(kind === 'rejection' && { reason: reasonLabel(policy.rejectionReasons, about.reason ?? '', language) }),
      ...(about.reasons && { reasons: about.reasons.map((code) => reasonLabel(policy.requestReasons, code, language)) }),
      kind,
      language,
      claimNumber: row.number,
      partner: { legalName: facts?.location?.legalName ?? '', partnerId: state.details.partnerId },
      tenant: { name: facts?.tenant?.name ?? '' },
      targets: covered.map((line) => targetLabel(line, policy, language)),
      isSubscription: covered.every(({ subscriptionId }) => subscriptionId !== null),
      renewal: isAboutExpiry(row) ? renewalOf(state, lines, policy, language) : null,
      zone,
      vendor: policy.vendor,
      reference: letterId,
    },
  };
}

const reasonLabel = (reasons: Policy['requestReasons'], reason: string, language: Language): string =>
  reasons.find(({ code }) => code === reason)?.label[language] ?? reason;

/** A renewal matters only where the association ends with its subscription. */
const isAboutExpiry = ({ kind, about }: Row): boolean => kind === 'expiry_notice' || about.reason === 'subscription_ended';

function renewalOf(state: ClaimState, lines: number[], policy: Policy, language: Language): LetterView['renewal'] {
  const renewal = state.lines.findLast(({ renews }) => renews !== null && lines.includes(renews));
  return renewal === undefined ? null : { target: targetLabel(renewal, policy, language), isCarriedOver: isCarriedOver(state, renewal) };
}

function isCarriedOver(state: ClaimState, renewal: LineState): NonNullable<LetterView['renewal']>['isCarriedOver'] {
  if (renewal.phase === 'official') return 'yes';
  if (renewal.phase !== 'consent_pending') return 'no';
  return lacksConsent(state, renewal) ? 'if_accepted' : 'unless_refused';
}

/** The person as a recipient of the latest notice to it, with that notice's language; undefined for partners and the vendor. */
function recipientOf(state: ClaimState, personId: string | null): { recipientId: string; language: Language } | undefined {
  const notice = personId === null ? undefined : noticesTo(state, personId).at(-1);
  const recipient = notice?.recipients.find((candidate) => candidate.personId === personId);
  return notice && recipient && { recipientId: recipient.recipientId, language: notice.language };
}
