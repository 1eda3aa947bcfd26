import { v5 as uuidV5 } from 'uuid';
import { type ClaimState, type EndReason, evolve, initialState, type LineState, type OfficialState } from '#libs/claims/index.js';
import type { RecordedEvent } from '#libs/event-store/index.js';

export const feedTypes = ['association.official', 'association.ended', 'association.eligibility_changed'] as const;
export type FeedType = (typeof feedTypes)[number];

/** Events of a claim that say something of its associations; the trigger that queues them has the same list. */
export const sourceTypes: RecordedEvent['type'][] = [
  'LinesMadeOfficial',
  'AssociationEnded',
  'AssociationTransferred',
  'AssociationChecked',
];

/** What an evaluator of incentives is told of an association (domain.md 12). cpor computes nothing from it. */
export interface FeedEvent {
  /** The same whenever and however often it is read. */
  eventId: string;
  type: FeedType;
  /** From which instant it holds. */
  at: string;
  /** When it was written down. */
  recordedAt: string;
  /** Version of the claim's event that it comes from; grows with every change of the claim. */
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
  /** False once the directory said that the location may not be paid. */
  isEligible: boolean;
}

type Association = Pick<
  OfficialState,
  'associationId' | 'target' | 'partnerId' | 'activities' | 'from' | 'to' | 'endReason' | 'isEligible'
>;

/** What the events of one claim, all of them and oldest first, hand over. */
export function feedEventsOf(claimId: string, events: readonly RecordedEvent[]): FeedEvent[] {
  const told: FeedEvent[] = [];
  const paid = new Map<number, boolean>();
  let state = initialState;
  for (const event of events) {
    const before = state;
    state = evolve(before, event);
    if (event.type === 'LinesMadeOfficial') for (const { line, isIncentivised } of event.data.lines) paid.set(line, isIncentivised);
    for (const { type, line, association } of newsOf(event, before, state)) {
      told.push({
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
        isIncentivised: paid.get(line) ?? false,
        isOptedOutOfIncentives: state.details.isOptedOutOfIncentives,
        isEligible: association.isEligible,
      });
    }
  }
  return told;
}

interface News {
  type: FeedType;
  line: number;
  association: Association;
}

function newsOf(event: RecordedEvent, before: ClaimState, after: ClaimState): News[] {
  const of = (state: ClaimState, line: number): OfficialState => state.lines.find((one: LineState) => one.line === line)!.official!;
  switch (event.type) {
    case 'LinesMadeOfficial':
      return event.data.lines.map(({ line }) => ({ type: 'association.official', line, association: of(after, line) }));
    case 'AssociationEnded':
      return event.data.lines.map((line) => ({ type: 'association.ended', line, association: of(after, line) }));
    case 'AssociationTransferred':
      return event.data.lines.flatMap(({ line }): News[] => {
        const ended: Association = { ...of(before, line), to: event.at, endReason: 'transferred' };
        return [
          { type: 'association.ended', line, association: ended },
          { type: 'association.official', line, association: of(after, line) },
        ];
      });
    case 'AssociationChecked':
      return event.data.lines
        .filter((line) => of(before, line).isEligible !== of(after, line).isEligible)
        .map((line) => ({ type: 'association.eligibility_changed', line, association: of(after, line) }));
    default:
      return [];
  }
}
