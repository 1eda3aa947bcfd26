import { v5 as uuidV5 } from 'uuid';
import { type ClaimState, type EndReason, evolve, initialState, type LineState, type OfficialState } from '#libs/claims/index.js';
import type { RecordedEvent } from '#libs/event-store/index.js';

export const feedTypes = ['association.official', 'association.ended', 'association.eligibility_changed'] as const;
export type FeedType = (typeof feedTypes)[number];

/** Claim events that the feed is made from. The database trigger that queues them has the same list. */
export const sourceTypes: RecordedEvent['type'][] = [
  'LinesMadeOfficial',
  'AssociationEnded',
  'AssociationTransferred',
  'AssociationChecked',
];

/** An association as the feed reports it to an incentive system (domain.md 12). cpor itself calculates no incentives. */
export interface FeedEvent {
  /** The same on every read. */
  eventId: string;
  type: FeedType;
  /** The instant from which it applies. */
  at: string;
  /** When it was stored. */
  recordedAt: string;
  /** Version of the claim event behind it; it grows with every change of the claim. */
  version: number;
  claimId: string;
  claimNumber: string;
  line: number;
  associationId: string;
  target: string;
  tenantId: string;
  partnerAccountId: string;
  partnerId: string;
  activities: string[];
  from: string;
  to: string | null;
  endReason: EndReason | null;
  /** Whether an incentive programme may pay for one of its activities. */
  isIncentivised: boolean;
  isOptedOutOfIncentives: boolean;
  /** False once the directory has reported that the location may not be paid. */
  isEligible: boolean;
}

type Association = Pick<
  OfficialState,
  'associationId' | 'target' | 'partnerId' | 'activities' | 'from' | 'to' | 'endReason' | 'isEligible'
>;

/** Returns the feed events of one claim, given all of its events, oldest first. */
export function feedEventsOf(claimId: string, events: readonly RecordedEvent[]): FeedEvent[] {
  const feed: FeedEvent[] = [];
  const incentivised = new Map<number, boolean>();
  let state = initialState;
  for (const event of events) {
    const before = state;
    state = evolve(before, event);
    if (event.type === 'LinesMadeOfficial') for (const { line, isIncentivised } of event.data.lines) incentivised.set(line, isIncentivised);
    for (const { type, line, association } of entriesOf(event, before, state)) {
      feed.push({
        eventId: uuidV5(`${type}/${association.associationId}/${event.version}`, claimId),
        type,
        at: event.at,
        recordedAt: event.recordedAt,
        version: event.version,
        claimId,
        claimNumber: state.number,
        line,
        associationId: association.associationId,
        target: association.target,
        tenantId: state.details.tenantId,
        partnerAccountId: state.partnerAccountId,
        partnerId: association.partnerId,
        activities: association.activities,
        from: association.from,
        to: association.to,
        endReason: association.endReason,
        isIncentivised: incentivised.get(line) ?? false,
        isOptedOutOfIncentives: state.details.isOptedOutOfIncentives,
        isEligible: association.isEligible,
      });
    }
  }
  return feed;
}

interface FeedEntry {
  type: FeedType;
  line: number;
  association: Association;
}

function entriesOf(event: RecordedEvent, before: ClaimState, after: ClaimState): FeedEntry[] {
  const associationOf = (state: ClaimState, line: number): OfficialState =>
    state.lines.find(({ line: number }: LineState) => number === line)!.official!;
  switch (event.type) {
    case 'LinesMadeOfficial':
      return event.data.lines.map(({ line }) => ({ type: 'association.official', line, association: associationOf(after, line) }));
    case 'AssociationEnded':
      return event.data.lines.map((line) => ({ type: 'association.ended', line, association: associationOf(after, line) }));
    case 'AssociationTransferred':
      return event.data.lines.flatMap(({ line }): FeedEntry[] => {
        const ended: Association = { ...associationOf(before, line), to: event.at, endReason: 'transferred' };
        return [
          { type: 'association.ended', line, association: ended },
          { type: 'association.official', line, association: associationOf(after, line) },
        ];
      });
    case 'AssociationChecked':
      return event.data.lines
        .filter((line) => associationOf(before, line).isEligible !== associationOf(after, line).isEligible)
        .map((line) => ({ type: 'association.eligibility_changed', line, association: associationOf(after, line) }));
    default:
      return [];
  }
}
